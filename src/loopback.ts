const loopback = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/;

/** Whether a host name, as it stands in a URL, can only be this machine. */
export const isLoopback = (host: string): boolean => loopback.test(host);
