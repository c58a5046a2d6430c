import { byId, element, setText } from './element.js';

/** Shows who is here and who is typing; a user with two tabs is two members. */
export function showPeople(members, ownSession) {
  setText('people-count', String(members.length));
  byId('people').replaceChildren(...members.map(member => personItem(member, ownSession)));
  const typing = members
    .filter(({ member, data }) => data?.typing === true && member !== ownSession)
    .map(nameOf);
  setText(
    'typing',
    typing.length === 0 ? '' : `${listOf(typing)} ${typing.length === 1 ? 'is' : 'are'} typing…`,
  );
}

function personItem(member, ownSession) {
  const own = member.member === ownSession;
  const item = element('li', {}, [element('span', { content: nameOf(member) })]);
  const facts = [own && 'you', member.data?.gateway, !own && member.data?.typing === true && 'typing…'];
  item.append(element('small', { content: facts.filter(Boolean).join(' · ') }));
  item.style.setProperty('--hue', String(hueOf(member.user)));
  return item;
}

function nameOf({ user, data }) {
  return String(data?.name ?? user);
}

function listOf(names) {
  return new Intl.ListFormat('en').format(names.slice(0, 3));
}

/** A colour that stays with the user. */
function hueOf(text) {
  let hash = 0;
  for (const character of text) hash = (hash * 31 + character.codePointAt(0)) % 360;
  return hash;
}
