/** What ioredis makes of an error reply. */
export class ReplyError extends Error {
  override readonly name = 'ReplyError';
}
