/** Makes an element; `content` is set as text, never as markup. */
export function element(tag, { className = '', content = '' } = {}, children = []) {
  const node = document.createElement(tag);
  if (className !== '') node.className = className;
  if (content !== '') node.textContent = content;
  node.append(...children);
  return node;
}

/** The element with this id. */
export function byId(id) {
  const node = document.getElementById(id);
  if (node === null) throw new Error(`the page has no #${id}`);
  return node;
}

/** Sets the text of the element with this id. */
export function setText(id, text) {
  byId(id).textContent = text;
}
