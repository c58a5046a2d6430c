/** Metrics of the k6 scripts. k6 knows its own kinds; the names and units are here so that docs and thresholds share them. */
export const LOAD_METRICS = {
  publishToDeliverMs: 'kittiwake_publish_to_deliver_ms',
  publishToAckMs: 'kittiwake_publish_to_ack_ms',
  resumeMs: 'kittiwake_resume_ms',
  resumedRatio: 'kittiwake_resumed_ratio',
  lost: 'kittiwake_lost_publications',
  duplicated: 'kittiwake_duplicated_publications',
  reordered: 'kittiwake_reordered_publications',
  refused: 'kittiwake_refused_connections',
  cut: 'kittiwake_cut_sessions',
  rejected: 'kittiwake_rejected_publications',
  told: 'kittiwake_told_gaps',
  published: 'kittiwake_acked_publications',
  delivered: 'kittiwake_delivered_publications',
} as const;
