// Lets people write a signature by hand where a form asks for one. The pad is a help beside the file input:
// what is written becomes an image that is handed to the input as if it had been chosen there, so that
// checking, drafts and sending stay the form's. Without script, or by keyboard, the input takes a photo.
//
//   <div data-signature-for="id of the file input" data-label="…" data-label-use="用这个签名"
//        data-label-clear="重写" data-file-name="签名.png"></div>

const SIZE = { width: 900, height: 300 }; // pixels of the image
const INK = '#111';
const PAPER = '#fff'; // also in the dark: the image will be looked at on paper
const PEN = 6; // pixels

// What is being written, by the name of the input: the form may be redrawn around an unfinished signature.
const unfinished = new Map();

function strokesOf(input) {
  if (!unfinished.has(input.name)) {
    unfinished.set(input.name, []);
  }
  return unfinished.get(input.name);
}

function paint(canvas, strokes) {
  const context = canvas.getContext('2d');
  context.fillStyle = PAPER;
  context.fillRect(0, 0, canvas.width, canvas.height);
  Object.assign(context, { strokeStyle: INK, lineWidth: PEN, lineCap: 'round', lineJoin: 'round' });
  for (const [start, ...points] of strokes) {
    context.beginPath();
    context.moveTo(...start);
    for (const point of points.length ? points : [start]) {
      context.lineTo(...point);
    }
    context.stroke();
  }
}

function place(canvas, event) {
  const box = canvas.getBoundingClientRect();
  return [
    ((event.clientX - box.left) * canvas.width) / box.width,
    ((event.clientY - box.top) * canvas.height) / box.height,
  ];
}

function listen(canvas, strokes, changed) {
  canvas.addEventListener('pointerdown', (event) => {
    canvas.setPointerCapture(event.pointerId);
    strokes.push([place(canvas, event)]);
    changed();
  });
  canvas.addEventListener('pointermove', (event) => {
    if (canvas.hasPointerCapture(event.pointerId)) {
      strokes.at(-1).push(place(canvas, event));
      changed();
    }
  });
}

function addButton(bar, words, act) {
  const button = document.createElement('button');
  button.type = 'button';
  button.className = 'button';
  button.textContent = words;
  button.addEventListener('click', act);
  bar.append(button);
  return button;
}

// The new file stands beside those already chosen, and the form hears of it as of any change.
function hand(input, image, name) {
  const files = new DataTransfer();
  for (const file of input.multiple ? input.files : []) {
    files.items.add(file);
  }
  files.items.add(new File([image], name, { type: image.type }));
  input.files = files.files;
  input.dispatchEvent(new Event('change', { bubbles: true }));
}

function enhance(pad) {
  const input = document.getElementById(pad.dataset.signatureFor);
  const strokes = strokesOf(input);
  const canvas = Object.assign(document.createElement('canvas'), SIZE);
  canvas.setAttribute('role', 'img');
  canvas.setAttribute('aria-label', pad.dataset.label);
  const bar = document.createElement('div');
  bar.className = 'buttons';

  const forget = () => {
    strokes.length = 0;
    redraw();
  };
  const use = addButton(bar, pad.dataset.labelUse, () => {
    canvas.toBlob((image) => {
      forget();
      hand(input, image, pad.dataset.fileName);
    });
  });
  const clear = addButton(bar, pad.dataset.labelClear, forget);
  const redraw = () => {
    paint(canvas, strokes);
    use.disabled = clear.disabled = strokes.length === 0;
  };

  listen(canvas, strokes, redraw);
  pad.replaceChildren(canvas, bar);
  redraw();
}

export function enhanceSignatures() {
  for (const pad of document.querySelectorAll('[data-signature-for]:empty')) {
    enhance(pad);
  }
}
