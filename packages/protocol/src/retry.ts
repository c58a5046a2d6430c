/** What a client does after an error or a close: at once, after a backoff, with a new token, or not at all. */
export const RETRIES = ['now', 'backoff', 'reauth', 'never'] as const;
export type Retry = (typeof RETRIES)[number];
