import { byId } from './element.js';

const CUT_S = 5;
const SECOND_MS = 1_000;

/** The button that takes the network away for a while, and counts the seconds until it is back. */
export function setUpCut(cut) {
  const button = byId('cut');
  button.textContent = `Cut the connection for ${CUT_S} s`;
  button.addEventListener('click', () => {
    cut(CUT_S * SECOND_MS);
    button.disabled = true;
    countDown(button, CUT_S);
  });
}

function countDown(button, seconds) {
  button.disabled = seconds > 0;
  button.textContent =
    seconds > 0 ? `The network is back in ${seconds} s` : `Cut the connection for ${CUT_S} s`;
  if (seconds > 0) setTimeout(() => countDown(button, seconds - 1), SECOND_MS);
}
