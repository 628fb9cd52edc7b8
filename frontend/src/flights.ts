/** Questions that are asked again while they are on their way, as by several panels at once: answered once. */

interface Flight<T> {
  readonly answer: Promise<T>;
  readonly abort: AbortController;
  users: number;
}

export class Flights<T> {
  readonly #flying = new Map<string, Flight<T>>();

  /**
   * The answer to a question, from whoever asked it first. It is called off when all who asked have called off.
   * @param key All that the answer depends on.
   * @param start Asks it.
   */
  ask(key: string, start: (signal: AbortSignal) => Promise<T>, signal?: AbortSignal): Promise<T> {
    if (signal?.aborted === true) return Promise.reject(calledOff());
    const flight = this.#flying.get(key) ?? this.#start(key, start);
    flight.users += 1;
    return new Promise((resolve, reject) => {
      const leave = () => {
        reject(calledOff());
        flight.users -= 1;
        if (flight.users > 0) return;
        this.#land(key, flight);
        flight.abort.abort();
      };
      signal?.addEventListener('abort', leave, { once: true });
      flight.answer.then(resolve, reject).finally(() => signal?.removeEventListener('abort', leave));
    });
  }

  #start(key: string, start: (signal: AbortSignal) => Promise<T>): Flight<T> {
    const abort = new AbortController();
    const flight = { answer: start(abort.signal), abort, users: 0 };
    this.#flying.set(key, flight);
    const land = () => this.#land(key, flight);
    flight.answer.then(land, land);
    return flight;
  }

  /** The next who asks starts anew. */
  #land(key: string, flight: Flight<T>): void {
    if (this.#flying.get(key) === flight) this.#flying.delete(key);
  }
}

function calledOff(): DOMException {
  return new DOMException('called off', 'AbortError');
}
