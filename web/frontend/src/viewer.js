// Draws a BPMN diagram and where one process instance stands in it.
//
//   <div data-bpmn-viewer
//        data-src="URL of the BPMN XML"
//        data-state="URL of the state"                 (optional)
//        data-label="八位一体议事会流程图"                 (accessible name)
//        data-label-zoom-in="放大" data-label-zoom-out="缩小" data-label-fit="全图"
//        data-label-failed="…">                        (shown when the diagram cannot be loaded)
//   </div>
//
// The state is JSON, each member a list of ids in the diagram, each optional:
//   {"active": [], "completed": [], "taken": [], "incidents": [], "differing": []}
// "taken" names sequence flows; "differing" what two versions of a process do not have in common. The element carries data-ready when the drawing is complete.

import NavigatedViewer from 'bpmn-js/lib/NavigatedViewer';

import 'bpmn-js/dist/assets/diagram-js.css';
import 'bpmn-js/dist/assets/bpmn-js.css';
import './viewer.css';

const MARKERS = { active: 'is-active', completed: 'is-passed', taken: 'is-passed', incidents: 'has-incident', differing: 'is-different' };

const LABELS = {
  label: '流程图',
  labelZoomIn: '放大',
  labelZoomOut: '缩小',
  labelFit: '全图',
  labelFailed: '流程图没有加载成功，请刷新页面再试。',
};

const ZOOM_STEP = 1.25;
const PAN_STEP = 60; // pixels
// Labels are 12 px high in the diagram's own scale; smaller than this a phone shows no readable Chinese.
const LEGIBLE_SCALE = 0.9;
// Smaller than this the whole is specks: better a window on where the process ended, or begins.
const RECOGNISABLE_SCALE = 0.08;

const BUTTONS = [
  ['labelZoomIn', '＋', (canvas) => zoomBy(canvas, ZOOM_STEP)],
  ['labelZoomOut', '－', (canvas) => zoomBy(canvas, 1 / ZOOM_STEP)],
  ['labelFit', '⤢', fit],
];

const KEYS = {
  ArrowLeft: (canvas) => canvas.scroll({ dx: PAN_STEP, dy: 0 }),
  ArrowRight: (canvas) => canvas.scroll({ dx: -PAN_STEP, dy: 0 }),
  ArrowUp: (canvas) => canvas.scroll({ dx: 0, dy: PAN_STEP }),
  ArrowDown: (canvas) => canvas.scroll({ dx: 0, dy: -PAN_STEP }),
  '+': (canvas) => zoomBy(canvas, ZOOM_STEP),
  '=': (canvas) => zoomBy(canvas, ZOOM_STEP), // the key of + without shift
  '-': (canvas) => zoomBy(canvas, 1 / ZOOM_STEP),
  0: fit,
};

function zoomBy(canvas, factor) {
  canvas.zoom(canvas.zoom() * factor);
}

function fit(canvas) {
  canvas.zoom('fit-viewport', 'auto');
}

async function load(url, read) {
  const response = await fetch(url, { credentials: 'same-origin' });
  if (!response.ok) {
    throw new Error(`${response.status} ${url}`);
  }
  return read(response);
}

function mark(viewer, state) {
  const canvas = viewer.get('canvas');
  const drawn = viewer.get('elementRegistry');
  for (const [member, marker] of Object.entries(MARKERS)) {
    // The process itself is part of a state, but has no shape.
    for (const id of (state[member] ?? []).filter((id) => drawn.get(id))) {
      canvas.addMarker(id, marker);
    }
  }
}

function show(viewer, state) {
  const canvas = viewer.get('canvas');
  fit(canvas);
  const drawn = viewer.get('elementRegistry');
  const here = [...(state.incidents ?? []), ...(state.active ?? [])].map((id) => drawn.get(id)).find(Boolean);
  if (here && canvas.zoom() < LEGIBLE_SCALE) {
    centre(canvas, here);
  } else if (canvas.zoom() < RECOGNISABLE_SCALE) {
    centre(canvas, outermost(drawn, state.completed ?? []));
  }
}

function outermost(drawn, completed) {
  const events = (type) => drawn.filter((one) => one.type === type && one.parent.type !== 'bpmn:SubProcess');
  const ended = events('bpmn:EndEvent').find((one) => completed.includes(one.id));
  return ended ?? events('bpmn:StartEvent').reduce((first, one) => (one.x < first.x ? one : first));
}

function centre(canvas, element) {
  const { outer } = canvas.viewbox();
  const width = outer.width / LEGIBLE_SCALE;
  const height = outer.height / LEGIBLE_SCALE;
  canvas.viewbox({
    x: element.x + element.width / 2 - width / 2,
    y: element.y + element.height / 2 - height / 2,
    width,
    height,
  });
}

function addButtons(host, canvas, labels) {
  const bar = document.createElement('div');
  bar.className = 'bpmn-viewer-buttons';
  for (const [label, sign, act] of BUTTONS) {
    const button = document.createElement('button');
    button.type = 'button';
    button.textContent = sign;
    button.title = labels[label];
    button.setAttribute('aria-label', labels[label]);
    button.addEventListener('click', () => act(canvas));
    bar.append(button);
  }
  host.append(bar);
}

function listenToKeys(viewer) {
  viewer.get('keyboard').addListener(({ keyEvent }) => {
    const act = !keyEvent.ctrlKey && !keyEvent.metaKey && !keyEvent.altKey && KEYS[keyEvent.key];
    if (act) {
      act(viewer.get('canvas'));
    }
    return Boolean(act); // true: handled, the page does not scroll as well
  });
}

// bpmn-js moves the canvas with the mouse only; fingers and pens move it here.
function listenToTouch(svg, canvas) {
  let last = null;
  const forget = () => { last = null; };
  svg.addEventListener('pointerdown', (event) => {
    last = event.pointerType !== 'mouse' && event.isPrimary ? event : null;
  });
  svg.addEventListener('pointermove', (event) => {
    if (last?.pointerId === event.pointerId) {
      canvas.scroll({ dx: event.clientX - last.clientX, dy: event.clientY - last.clientY });
      last = event;
    }
  });
  svg.addEventListener('pointerup', forget);
  svg.addEventListener('pointercancel', forget);
}

function createViewer(host, label) {
  const viewer = new NavigatedViewer({
    container: host,
    // The colours are the page's, in light and in dark; diagram files that bring their own keep them.
    bpmnRenderer: {
      defaultFillColor: 'var(--diagram-fill)',
      defaultStrokeColor: 'var(--diagram-stroke)',
      defaultLabelColor: 'var(--diagram-stroke)',
    },
    textRenderer: { defaultStyle: { fontFamily: getComputedStyle(host).fontFamily } },
    // The wheel scrolls the page: a reader passing by must not be caught in the diagram.
    zoomScroll: { enabled: false },
  });
  const svg = host.querySelector('.djs-container > svg');
  svg.setAttribute('role', 'img');
  svg.setAttribute('aria-label', label);
  listenToKeys(viewer);
  listenToTouch(svg, viewer.get('canvas'));
  return viewer;
}

function complain(host, sentence) {
  const message = document.createElement('p');
  message.setAttribute('role', 'alert');
  message.textContent = sentence;
  host.replaceChildren(message);
}

async function draw(host) {
  const labels = { ...LABELS, ...host.dataset };
  try {
    const [xml, state] = await Promise.all([
      load(host.dataset.src, (response) => response.text()),
      host.dataset.state ? load(host.dataset.state, (response) => response.json()) : {},
    ]);
    const viewer = createViewer(host, labels.label);
    await viewer.importXML(xml);
    mark(viewer, state);
    show(viewer, state);
    addButtons(host, viewer.get('canvas'), labels);
    host.dataset.ready = '';
  } catch (error) {
    console.warn('bpmn viewer:', error);
    complain(host, labels.labelFailed);
  }
}

function drawAll() {
  for (const host of document.querySelectorAll('[data-bpmn-viewer]:not([data-begun])')) {
    host.dataset.begun = '';
    draw(host);
  }
}

drawAll();
document.addEventListener('htmx:after:swap', drawAll);
