/** What is known of a stream while the script is written. */
export interface StreamScene {
  readonly sess: string;
  readonly conn: number;
  readonly path: string;
  /** Not the first one of its session. */
  readonly isLater: boolean;
  /** How much of its answer has been sent; broken: the server has closed before it was whole. */
  sent: 'nothing' | 'head' | 'all' | 'broken';
  /** The head of it was sent before the server closed. */
  hadHead: boolean;
}
