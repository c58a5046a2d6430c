import { byId, element } from './element.js';

const SHOWN_MAX = 500;
const TIME = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit', second: '2-digit' });

/** The messages of the room: each publication once, and those on their way at the end. */
export class MessageList {
  #list = byId('messages');

  /** Shows a publication of `name`; `own` where it is this user. */
  add(publication, { own, name }) {
    this.#append(itemOf(publication, { own, name }));
  }

  /** Shows what was published before this tab came, above everything else. */
  addEarlier(publications, by) {
    const note = element('li', { className: 'notice', content: earlierText(publications.length) });
    const items = publications.map(publication => itemOf(publication, by(publication)));
    this.#list.prepend(...items, note);
    this.#list.scrollTop = this.#list.scrollHeight;
  }

  /** Shows a message that is on its way; the function that is returned takes it away, or shows why it failed. */
  addPending(name, text) {
    const meta = element('div', { className: 'meta' }, [
      element('b', { content: name }),
      element('span', { content: 'on its way' }),
    ]);
    const item = element('li', { className: 'message mine pending' }, [
      meta,
      element('div', { content: text }),
    ]);
    this.#append(item);
    return problem => {
      if (problem === undefined) return item.remove();
      item.className = 'message mine failed';
      meta.lastChild.textContent = problem;
    };
  }

  /** Strikes out what is no longer part of the channel. */
  truncate(from) {
    for (const item of this.#list.children)
      if (Number(item.dataset.offset) >= from) item.classList.add('gone');
  }

  /** Shows a line between the messages. */
  note(content) {
    this.#append(element('li', { className: 'notice', content }));
  }

  clear() {
    this.#list.replaceChildren();
  }

  #append(item) {
    const atEnd = this.#list.scrollHeight - this.#list.scrollTop - this.#list.clientHeight < 80;
    this.#list.append(item);
    while (this.#list.children.length > SHOWN_MAX) this.#list.firstChild.remove();
    if (atEnd) this.#list.scrollTop = this.#list.scrollHeight;
  }
}

function itemOf({ data, atMs, position }, { own, name }) {
  const meta = element('div', { className: 'meta' }, [
    element('b', { content: name }),
    element('time', { content: TIME.format(atMs) }),
    element('span', { content: `#${position.offset}` }),
  ]);
  const item = element('li', { className: own ? 'message mine' : 'message' }, [meta, textOf(data)]);
  item.dataset.offset = String(position.offset);
  return item;
}

function earlierText(count) {
  return count === 1 ? '1 earlier message' : `${count} earlier messages`;
}

function textOf(data) {
  return element('div', { content: typeof data?.text === 'string' ? data.text : JSON.stringify(data) });
}
