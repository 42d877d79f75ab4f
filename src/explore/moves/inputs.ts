/** An event with the thread that it runs on, unless that is the first. */
export function onThread<Event extends object>(event: Event, thread: number | undefined): Event {
  return thread === undefined || thread === 0 ? event : { ...event, thread };
}

/** An event with the file descriptors in use, unless there are none. */
export function withFds<Event extends object>(event: Event, fds: number): Event {
  return fds === 0 ? event : { ...event, used_fds: fds };
}
