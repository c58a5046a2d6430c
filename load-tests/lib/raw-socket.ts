/** What a socket tells its owner; after `closed` nothing follows. */
export type RawSocketEvents = {
  opened(): void;
  received(data: string): void;
  /** The peer showed that it is there without a message: a WebSocket ping. */
  heard(): void;
  closed(code: number): void;
};

/** One WebSocket, whoever implements it: k6, or a fake. */
export type RawSocket = { send(data: string): void; close(): void };

/** Opens a socket; the events come later, never during the call. */
export type OpenRawSocket = (events: RawSocketEvents) => RawSocket;
