import { byId, element, setText } from './element.js';

const EVENTS_MAX = 30;
const TIME = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit', second: '2-digit' });

/** Counts publications by their position, and tells what became of the history at each resume. */
export class ResumePanel {
  #last;
  #inARow = 0;
  #gaps = 0;

  /** A publication was shown; its offset must be the next one. */
  seen({ offset, epoch }) {
    if (this.#last !== undefined && offset !== this.#last + 1) {
      this.#gaps += 1;
      this.#inARow = 0;
    }
    this.#last = offset;
    this.#inARow += 1;
    setText('position', `#${offset} · ${epoch.slice(0, 6)}`);
    setText('in-a-row', String(this.#inARow));
    setText('gaps', String(this.#gaps));
  }

  /** The history goes on elsewhere, and the SDK has said so: what follows is not a silent gap. */
  restart(position) {
    this.#last = position?.offset;
    this.#inARow = 0;
  }

  resumed({ outcome, replayed, position }) {
    const what = outcome === 'fresh' ? 'joined' : `resumed: ${outcome}`;
    const count = outcome === 'fresh' ? '' : `, ${replayed} publication${replayed === 1 ? '' : 's'} replayed`;
    this.log(
      `${what}${count}, at #${position.offset}`,
      outcome === 'fresh' || outcome === 'recovered' ? 'good' : 'bad',
    );
  }

  log(text, className = '') {
    const item = element('li', { className }, [element('time', { content: TIME.format(Date.now()) }), text]);
    const events = byId('events');
    events.prepend(item);
    while (events.children.length > EVENTS_MAX) events.lastChild.remove();
  }
}
