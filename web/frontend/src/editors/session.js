// One file of a draft, open in an editor: loaded, saved by itself, checked by the server.
//
//   const session = new Session(document.querySelector('[data-editor]'));
//   show(await session.load());
//   session.watch(read);            // read() gives the text as it stands; called before each save
//   session.changed();              // something was edited
//   session.onProblems = (problems) => …;
//
// Nobody overwrites anybody: a save names the revision it began from, and the server sets a text aside that
// came too late. The element gets data-ready when the editor stands, data-saved while nothing is unsaved.

const SAVE_AFTER = 700; // milliseconds without a further edit
const SIGN_OF_LIFE = 15000; // milliseconds; the server counts somebody as present for three of these
const RETRY_AFTER = 5000;

export class Session {
  constructor(host) {
    this.host = host;
    this.file = host.dataset.file;
    this.onProblems = () => {};
    this.revision = 0;
    this.read = null;
    this.timer = 0;
    this.dirty = false;
    this.saving = null;
    this.stopped = false;
  }

  async load() {
    const { content, revision } = await this.get(this.host.dataset.content);
    this.revision = revision;
    return content;
  }

  watch(read) {
    this.read = read;
    this.host.dataset.ready = '';
    this.host.dataset.saved = '';
    addEventListener('beforeunload', (event) => this.dirty && event.preventDefault());
    document.addEventListener('visibilitychange', () => document.hidden && this.dirty && this.save());
    this.check();
    this.live();
    setInterval(() => this.live(), SIGN_OF_LIFE);
  }

  changed() {
    if (this.stopped) {
      return;
    }
    this.dirty = true;
    delete this.host.dataset.saved;
    this.say('未保存');
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.save(), SAVE_AFTER);
  }

  async save() {
    if (this.saving) {
      await this.saving; // its text is older than what there is now
    }
    if (!this.dirty || this.stopped) {
      return;
    }
    this.saving = this.send();
    await this.saving;
    this.saving = null;
    if (!this.dirty) {
      this.host.dataset.saved = '';
    }
  }

  async send() {
    clearTimeout(this.timer);
    this.dirty = false;
    this.say('正在保存…');
    try {
      const content = await this.read();
      const answer = await this.post(this.host.dataset.content, { content, revision: this.revision });
      const told = await answer.json();
      if (answer.ok) {
        this.saved(told.revision);
      } else if (answer.status === 409) {
        this.collided(told);
      } else {
        this.refused(told.sentence ?? '没有保存成功，请刷新页面再试。');
      }
    } catch (error) {
      console.warn('editor:', error);
      this.dirty = true;
      this.say('没有保存成功，稍后会自动再试');
      this.timer = setTimeout(() => this.save(), RETRY_AFTER);
    }
  }

  saved(revision) {
    this.revision = revision;
    this.say(`已保存 ${new Date().toLocaleTimeString('zh-CN', { hour: '2-digit', minute: '2-digit', second: '2-digit' })}`);
    this.notice();
    this.check();
  }

  // Both texts are kept; from here on only a person can tell which is to stand.
  collided({ sentence, kept }) {
    this.stopped = true;
    this.say('两份同时修改，已另存');
    this.notice(sentence, [
      ['载入对方的', location.pathname + location.search],
      ['对照我的那一份', kept],
    ]);
  }

  refused(sentence) {
    this.dirty = true;
    this.say('没有保存');
    this.notice(sentence);
  }

  async check() {
    const { problems } = await this.get(this.host.dataset.problems);
    listProblems(problems, this.file, (problem) => this.onPick?.(problem));
    this.onProblems(problems.filter((problem) => problem.file === this.file));
  }

  async live() {
    const answer = await this.post(this.host.dataset.presence, {});
    if (!answer.ok) {
      return;
    }
    const { others, revisions } = await answer.json();
    this.others = others.length ? `${others.join('、')}也开着这份草稿` : '';
    this.say();
    const behind = (revisions[this.file] ?? 0) > this.revision;
    if (behind && !this.dirty && !this.saving && !this.stopped) {
      this.notice('另一位管理员刚保存了这个文件。', [['载入新的', location.pathname + location.search]]);
    }
  }

  say(state = this.state) {
    this.state = state;
    document.querySelector('[data-editor-state]').textContent = [state, this.others].filter(Boolean).join(' · ');
  }

  notice(sentence = '', links = []) {
    const place = document.querySelector('[data-editor-notice]');
    place.hidden = !sentence;
    place.replaceChildren(sentence, ...links.map(([text, href]) => link(text, href)));
  }

  async get(url) {
    const answer = await fetch(url, { credentials: 'same-origin' });
    if (!answer.ok) {
      throw new Error(`${answer.status} ${url}`);
    }
    return answer.json();
  }

  post(url, data) {
    return fetch(url, {
      method: 'POST',
      credentials: 'same-origin',
      headers: { 'Content-Type': 'application/json', 'X-CSRF-Token': this.host.dataset.csrf },
      body: JSON.stringify(data),
    });
  }
}

function link(text, href) {
  const element = document.createElement('a');
  element.className = 'button quiet';
  element.textContent = text;
  element.href = href;
  return element;
}

function listProblems(problems, file, pick) {
  const count = document.querySelector('[data-editor-count]');
  count.textContent = problems.length ? `${problems.length} 处要改` : '没有问题';
  count.dataset.tone = problems.length ? 'late' : 'done';
  document.querySelector('[data-editor-problems]').replaceChildren(...problems.map((problem) => {
    const entry = document.createElement('li');
    const place = link(problem.name || problem.element || problem.title, problem.href);
    if (problem.file === file) {
      place.addEventListener('click', (event) => {
        event.preventDefault();
        pick(problem);
      });
    } else {
      place.append(`（${problem.title}）`);
    }
    entry.append(place, ' ', problem.message);
    return entry;
  }));
}
