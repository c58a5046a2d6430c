/** An error reply; the message begins with Redis' own word. Clients make the same of what they receive. */
export class ReplyError extends Error {
  override readonly name = 'ReplyError';
}
