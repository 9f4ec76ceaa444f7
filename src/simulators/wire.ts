/** What every simulator speaks: a request and an answer without a socket, so that tests can call one in process. */

/**
 * One HTTP request. Header names are lower-case; `path` may carry a query string. `from` is the address that it came from, which
 * only some systems ask for; this machine when it is left out.
 */
export type SimRequest = {
  method: string;
  path: string;
  headers: Record<string, string>;
  body: string;
  from?: string;
};

/**
 * One HTTP answer. A `content-length` header larger than the body means that the body was cut short on the way:
 * the server then destroys the connection after the last byte it has.
 */
export type SimResponse = { status: number; headers: Record<string, string | string[]>; body: string };

/**
 * The connection was destroyed without an answer. Whether the call was performed is what the caller cannot know;
 * `fault` names the rule that did it, for test output only.
 */
export class SimulatedCut extends Error {
  readonly fault: string;
  constructor(fault: string) {
    super(`simulated: the connection was cut (${fault})`);
    this.name = "SimulatedCut";
    this.fault = fault;
  }
}
