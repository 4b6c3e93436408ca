// How a reader likes the pages: colours and text size. Kept in a cookie, so that the server renders the
// next page that way from its first byte.
//
//   <button type="button" data-preference="theme" data-value="dark" aria-pressed="false">深色</button>
//   <button type="button" data-preference="size" data-value="large" aria-pressed="false">大字</button>
//
// A press sets data-theme or data-size on <html>; a press on the value in force takes it back.

import { enhanceSignatures } from './signature.js';

const YEAR = 365 * 24 * 60 * 60; // seconds
const root = document.documentElement;

function remember(name, value) {
  const lifetime = value ? YEAR : 0;
  const secure = location.protocol === 'https:' ? '; secure' : '';
  document.cookie = `${name}=${encodeURIComponent(value)}; path=/; max-age=${lifetime}; samesite=lax${secure}`;
}

function apply(name, value) {
  if (value) {
    root.dataset[name] = value;
  } else {
    delete root.dataset[name];
  }
}

function reflect() {
  for (const button of document.querySelectorAll('[data-preference]')) {
    const inForce = root.dataset[button.dataset.preference] === button.dataset.value;
    button.setAttribute('aria-pressed', String(inForce));
  }
}

document.addEventListener('click', (event) => {
  const button = event.target.closest('[data-preference]');
  if (!button) {
    return;
  }
  event.preventDefault();
  const { preference, value } = button.dataset;
  const chosen = root.dataset[preference] === value ? '' : value;
  apply(preference, chosen);
  remember(preference, chosen);
  reflect();
});

// What is folded on the screen is printed in full, and folded again afterwards.
let unfolded = [];

addEventListener('beforeprint', () => {
  unfolded = [...document.querySelectorAll('main details:not([open])')];
  for (const details of unfolded) {
    details.open = true;
  }
});

addEventListener('afterprint', () => {
  for (const details of unfolded) {
    details.open = false;
  }
});

function enhance() {
  reflect();
  enhanceSignatures();
}

document.addEventListener('htmx:after:swap', enhance);
enhance();
