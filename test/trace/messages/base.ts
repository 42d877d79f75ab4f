/** A valid trace in which every kind of key occurs, line by line. */
export const BASE: readonly string[] = [
  '{"trace":"haproxy-ownership/1","title":"t","rules":"08016ab82","config":{"nbthread":2,"frontends":{"fe":{"max-session-srv-conns":3}},"backends":{"b":{"http-reuse":"always","mode":"http"}},"servers":{"b/srv":{"proto":"h1","send-proxy":false,"max-reuse":5}}}}',
  '{"event":"session_new","sess":"s1","fe":"fe"}',
  '{"event":"assign_server","strm":"t1","sess":"s1","be":"b","unusable":["b/srv"]}',
  '{"event":"connect_server","at":1,"strm":"t1","sess":"s1","target":"b/srv","conn":"c1","fail":["sess_srv_list"],"expect":{"ret":"NONE","reused":false,"calls":["conn_new() = c1"]}}',
  '{"event":"http_wait_for_response","strm":"t1","status":401,"headers":{"WWW-Authenticate":["NTLM"]},"expect":{"calls":["conn_set_private(c1)","session_add_conn(s1, c1) = 1"],"sess":{"s1":{"prefer_last":true,"srv_list":[["b/srv",["c1"]]]}}}}',
  '{"event":"conn_update","conn":"c1","set":["ERROR"],"clear":["WAIT_XPRT"],"nb_streams":1}',
  '{"event":"detach","strm":"t1","idle":true,"expect":{"conn":{"c1":{"owner":"s1","flags":["PRIVATE"],"list":null,"mux":"h1"}},"srv":{"b/srv":{"idle":[],"curr_used_conns":1}},"broken":["no-orphan"],"crash":"conn_free"}}',
  '{"event":"session_free","sess":"s1","note":"over"}',
];

/** A typo: what it is, its line, what stands there in its place, and what is said of it. */
export type Typo = readonly [
  name: string,
  line: number,
  right: string,
  wrong: string,
  said: string,
];
