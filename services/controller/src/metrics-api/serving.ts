import { background, type FailureSink } from '@kittiwake/base';
import type { ServingMaterial } from '../certificates/serving-material.ts';
import type { MetricsApiServer } from './metrics-api-server.ts';

/** What serving is made of; `port` 0 takes any. */
export type ServingParts = {
  readonly server: Pick<MetricsApiServer, 'start' | 'secure'>;
  readonly port: number;
  readonly onListening: (port: number) => void;
  readonly onFailure: FailureSink;
};

/** Starts the server once both its certificate and the CA of its callers are known, and follows both from then on. */
export class Serving {
  readonly #parts: ServingParts;
  #phase: 'waiting' | 'starting' | 'serving' = 'waiting';
  #material: ServingMaterial | undefined;
  #clientCaPem: string | undefined;

  constructor(parts: ServingParts) {
    this.#parts = parts;
  }

  /** Whether requests are taken. */
  get isServing(): boolean {
    return this.#phase === 'serving';
  }

  /** Takes a new certificate, a new CA of callers, or both. */
  take(news: { readonly material?: ServingMaterial; readonly clientCaPem?: string }): void {
    this.#material = news.material ?? this.#material;
    this.#clientCaPem = news.clientCaPem ?? this.#clientCaPem;
    this.#follow();
  }

  #follow(): void {
    if (this.#material === undefined || this.#clientCaPem === undefined || this.#phase === 'starting') return;
    if (this.#phase === 'serving') {
      this.#parts.server.secure(this.#material, this.#clientCaPem);
      return;
    }
    this.#phase = 'starting';
    background(this.#begin(this.#material, this.#clientCaPem), 'metrics_api.start', this.#parts.onFailure);
  }

  async #begin(material: ServingMaterial, clientCaPem: string): Promise<void> {
    const port = await this.#parts.server.start(this.#parts.port, material, clientCaPem);
    this.#phase = 'serving';
    this.#parts.onListening(port);
    // What came while the server was starting would be lost otherwise.
    if (this.#material !== material || this.#clientCaPem !== clientCaPem) this.#follow();
  }
}
