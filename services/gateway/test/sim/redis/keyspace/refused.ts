/**
 * An error reply, which begins with Redis' own word. It is thrown like an error and is none: a stack would cost more than
 * the command, and scripts ask for refusals on purpose.
 */
export class Refused {
  readonly message: string;

  constructor(message: string) {
    this.message = message;
  }
}
