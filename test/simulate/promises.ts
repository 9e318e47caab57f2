/** What is promised to operators, by name. A violation says which of these it breaks. */
export const PROMISES = {
  'nothing is lost': 'a record leaves its queue only when its call was reported or lies in the dead-letter queue',
  'reported once':
    'a call is reported once in each channel, unless a kill, an answer that got lost or a ledger out of reach excuses it',
  'reported truly':
    'a message reports calls that its invocation was given, as many as it says, and none that is dead-lettered',
  'only the broken are dead-lettered':
    'with a reason and as they came: records that are no calls, and calls that Slack refuses for what they say',
  'one post a second': 'a webhook gets one message a second, as far as the ledger is in reach and clocks agree',
  'a lone call in quiet comes within seconds': 'ten seconds after it is queued, and the time of the batching window',
  'a minute of trouble costs a minute': 'after trouble of a minute at most, everything is reported within a minute',
  'any trouble costs six minutes': 'six minutes after the end of any trouble, everything is reported',
  'one kill costs a visibility timeout': 'what a killed process held comes back after that, and is reported then',
  'a backlog comes in few messages':
    'at most ten for a thousand calls of a channel, after five minutes of trouble or more',
  'the oldest comes first': 'the first message after an outage reports the call that waited longest',
  'the last word is the state':
    'no last message about a flow contradicts the last call, unless it says that it is older',
  'called once in ten minutes':
    'a channel is called once for each cause in ten minutes, as far as the ledger is in reach; and always then',
  'an outcome is told once':
    'what came of a call, or what nobody called for, is said once in each channel, unless what excuses a repeat excuses it',
  'an outcome is its own call’s': 'what is said of a call is of its flow, and within its two minutes',
  'a summary a day': 'each channel gets one, and no more',
  'the sign of life is true': 'the summary says that calls wait when some have waited long, and only then',
  'a long wait rings': 'what waits for more than ten minutes shows in the metrics that the alarms look at',
  'no invocation is cut off': 'every invocation ends before its time is over, whatever does not answer',
  'AWS takes every request': 'no request is one that the service refuses as invalid',
  'every wait ends': 'in the end the queues are empty',
} as const;

export type PromiseName = keyof typeof PROMISES;

export interface Violation {
  readonly promise: PromiseName;
  /** In virtual time. */
  readonly atMs: number;
  readonly detail: string;
}

/** Called with broken promises. */
export type Violate = (promise: PromiseName, detail: string) => void;
