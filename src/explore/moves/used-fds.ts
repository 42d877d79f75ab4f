/** The event with the file descriptors in use, unless there are none. */
export function withFds<Event extends object>(event: Event, fds: number): Event {
  return fds === 0 ? event : { ...event, used_fds: fds };
}
