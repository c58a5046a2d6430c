import { LATENCY_SECONDS, LIFETIME_SECONDS, MEMBERS, WAIT_SECONDS } from './buckets.ts';
import { HANDSHAKE_RESULTS } from './handshake-results.ts';
import type { Catalog } from './metric.ts';

/** Everything that a gateway exports besides the Node runtime's own metrics. */
export const GATEWAY_METRICS = {
  kittiwake_connections_active: {
    kind: 'gauge',
    labels: [],
    help: 'Open connections that are not asked to move; what autoscaling looks at.',
  },
  kittiwake_connections_draining: {
    kind: 'gauge',
    labels: [],
    help: 'Open connections of a draining gateway.',
  },
  kittiwake_handshakes_total: {
    kind: 'counter',
    labels: ['result'],
    values: { result: HANDSHAKE_RESULTS },
    help: 'Handshakes: accepted, or why they were refused.',
  },
  kittiwake_admission_rate: {
    kind: 'gauge',
    labels: [],
    help: 'New connections per second that are let in; below the configured rate while the event loop is late or the broker is down.',
  },
  kittiwake_admission_refused_total: {
    kind: 'counter',
    labels: ['reason', 'client', 'told'],
    values: {
      reason: ['rate', 'start', 'event_loop', 'broker'],
      client: ['resume', 'new'],
      told: ['header', 'goaway', 'nothing'],
    },
    help: 'Connections refused because too many came: what limited the rate, whether the client has a session to resume, and how it was told when to come back.',
  },
  kittiwake_admission_wait_seconds: {
    kind: 'gauge',
    labels: ['client'],
    values: { client: ['resume', 'new'] },
    help: 'How long a client that is refused now is told to stay away; 0 while nobody is.',
  },
  kittiwake_disconnects_total: {
    kind: 'counter',
    labels: ['code', 'reason'],
    help: 'Connections that ended, by close code and its reason.',
  },
  kittiwake_connection_duration_seconds: {
    kind: 'histogram',
    labels: [],
    buckets: LIFETIME_SECONDS,
    help: 'How long connections lived.',
  },
  kittiwake_connect_duration_seconds: {
    kind: 'histogram',
    labels: [],
    buckets: WAIT_SECONDS,
    help: 'From the handshake to `connected`.',
  },
  kittiwake_sessions: { kind: 'gauge', labels: [], help: 'Authenticated sessions.' },
  kittiwake_memberships: { kind: 'gauge', labels: [], help: 'Sessions in channels: one for each pair.' },
  kittiwake_channels: { kind: 'gauge', labels: [], help: 'Channels that have a member on this gateway.' },
  kittiwake_messages_received_total: {
    kind: 'counter',
    labels: ['type'],
    help: 'Messages from clients, by type.',
  },
  kittiwake_messages_sent_total: { kind: 'counter', labels: [], help: 'Messages to clients.' },
  kittiwake_bytes_received_total: { kind: 'counter', labels: [], help: 'Payload bytes from clients.' },
  kittiwake_bytes_sent_total: { kind: 'counter', labels: [], help: 'Framed bytes handed to sockets.' },
  kittiwake_errors_total: { kind: 'counter', labels: ['kind'], help: 'Errors answered to clients, by kind.' },
  kittiwake_assertion_failures_total: {
    kind: 'counter',
    labels: ['room'],
    help: 'Broken beliefs of our own code; each is a bug.',
  },
  kittiwake_publications_total: {
    kind: 'counter',
    labels: ['level', 'result'],
    values: {
      level: ['received', 'primary', 'replicated'],
      result: ['acked', 'duplicate', 'rejected', 'fenced', 'sequence_gap', 'failed', 'unknown'],
    },
    help: 'Publishes by acknowledgement level and result: acked, duplicate, rejected (the client’s fault), fenced or sequence_gap (of a producer: nothing stored), failed (the broker’s: nothing stored), unknown.',
  },
  kittiwake_publish_duration_seconds: {
    kind: 'histogram',
    labels: ['level'],
    buckets: LATENCY_SECONDS,
    help: 'From the publish to its acknowledgement.',
  },
  kittiwake_deliveries_total: { kind: 'counter', labels: [], help: 'Publications handed to members.' },
  kittiwake_publish_to_deliver_seconds: {
    kind: 'histogram',
    labels: [],
    buckets: LATENCY_SECONDS,
    help: 'From the acceptance of a publication to its delivery here; the latency SLO.',
  },
  kittiwake_fan_out_members: {
    kind: 'histogram',
    labels: [],
    buckets: MEMBERS,
    help: 'Local members that one publication went to.',
  },
  kittiwake_resumes_total: {
    kind: 'counter',
    labels: ['outcome'],
    values: { outcome: ['fresh', 'recovered', 'truncated', 'trimmed', 'unknown'] },
    help: 'Joins by what became of the history: fresh, recovered, truncated, trimmed, unknown.',
  },
  kittiwake_replayed_publications_total: {
    kind: 'counter',
    labels: [],
    help: 'Publications sent by resumes.',
  },
  kittiwake_gaps_total: {
    kind: 'counter',
    labels: ['result'],
    values: { result: ['filled', 'signalled'] },
    help: 'Gaps in the live stream: filled from the log, or signalled.',
  },
  kittiwake_presence_members: {
    kind: 'gauge',
    labels: [],
    help: 'Members of this gateway that show themselves in presence.',
  },
  kittiwake_rate_limited_total: {
    kind: 'counter',
    labels: ['scope', 'verdict'],
    values: { scope: ['session', 'channel'], verdict: ['warn', 'disconnect'] },
    help: 'Requests over a limit, by scope (session, channel) and verdict (warn, disconnect).',
  },
  kittiwake_conflated_publications_total: {
    kind: 'counter',
    labels: [],
    help: 'Publications that members were not sent, as they read slowly and newer ones came; each is told.',
  },
  kittiwake_outbox_bytes: {
    kind: 'gauge',
    labels: [],
    help: 'Bytes that wait for sockets, all peers together.',
  },
  kittiwake_outbox_overflows_total: {
    kind: 'counter',
    labels: [],
    help: 'Peers closed because they did not read.',
  },
  kittiwake_heartbeat_rtt_seconds: {
    kind: 'histogram',
    labels: [],
    buckets: LATENCY_SECONDS,
    help: 'From a ping to its pong.',
  },
  kittiwake_broker_up: {
    kind: 'gauge',
    labels: [],
    help: '1 while the broker takes publishes and its subscriber is alive.',
  },
  kittiwake_broker_operation_seconds: {
    kind: 'histogram',
    labels: ['operation', 'result'],
    buckets: LATENCY_SECONDS,
    help: 'Broker calls: publish, read, wait and reveal (once replicated), subscribe, presence.',
  },
  kittiwake_broker_failovers_total: {
    kind: 'counter',
    labels: [],
    help: 'Times the broker was found with another history (epoch).',
  },
  kittiwake_broker_doubts_total: {
    kind: 'counter',
    labels: ['reason'],
    values: { reason: ['failover', 'resubscribed', 'emptied', 'tail'] },
    help: 'Channels that had to be compared with their logs: another history, subscribed anew, a database that was emptied, a tail that is not what was announced.',
  },
  kittiwake_broker_canary_seconds: {
    kind: 'histogram',
    labels: [],
    buckets: LATENCY_SECONDS,
    help: 'From a canary publish to its return on the subscriber connection.',
  },
  kittiwake_broker_canary_lost_total: {
    kind: 'counter',
    labels: [],
    help: 'Canaries that did not come back in time; the subscriber was renewed.',
  },
  kittiwake_broker_canary_age_seconds: {
    kind: 'gauge',
    labels: [],
    help: 'How long ago a canary came back; a few seconds while all is well.',
  },
  kittiwake_delivery_state: {
    kind: 'gauge',
    labels: [],
    help: '0 what is published comes back, 1 it does not and nobody is known to do better, 2 it comes back to others only: the gateway has left the Service.',
  },
  kittiwake_drain_state: { kind: 'gauge', labels: [], help: '0 serving, 1 held, 2 draining, 3 drained.' },
  kittiwake_handover_sessions_total: {
    kind: 'counter',
    labels: ['reason', 'result'],
    values: { reason: ['drain', 'rebalance', 'overload'], result: ['moved', 'closed'] },
    help: 'Sessions that were asked to move: moved by themselves, or closed because they had not.',
  },
  kittiwake_drain_duration_seconds: {
    kind: 'histogram',
    labels: [],
    buckets: WAIT_SECONDS,
    help: 'From SIGTERM to the last connection closed.',
  },
  kittiwake_event_loop_lag_seconds: {
    kind: 'gauge',
    labels: ['quantile'],
    values: { quantile: ['0.5', '0.99', '1'] },
    help: 'Event-loop delay over the last scrape interval: the median, the 99th percentile and the maximum.',
  },
  kittiwake_build_info: { kind: 'gauge', labels: ['version', 'node'], help: 'Always 1; which build runs.' },
} as const satisfies Catalog;
