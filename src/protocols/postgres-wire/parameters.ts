/** What a PostgreSQL 15 server tells of its settings when a session begins (GUC_REPORT, in the order of guc.c's sorted table). */
export const SERVER_VERSION = '15.18 (Debian 15.18-0+deb12u1)';

/** ParameterStatus messages of a new session. */
export function reportedParameters(role: string, superuser: boolean, applicationName: string): readonly (readonly [string, string])[] {
  return [
    ['application_name', applicationName], ['client_encoding', 'UTF8'], ['DateStyle', 'ISO, MDY'], ['default_transaction_read_only', 'off'], ['in_hot_standby', 'off'], ['integer_datetimes', 'on'],
    ['IntervalStyle', 'postgres'], ['is_superuser', superuser ? 'on' : 'off'], ['server_encoding', 'UTF8'], ['server_version', SERVER_VERSION], ['session_authorization', role],
    ['standard_conforming_strings', 'on'], ['TimeZone', 'Etc/UTC'],
  ];
}
