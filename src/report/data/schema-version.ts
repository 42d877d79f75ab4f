/** Version of the report: keys may be added under it, nothing is changed or taken away. */
export const REPORT_SCHEMA_VERSION = 1;
