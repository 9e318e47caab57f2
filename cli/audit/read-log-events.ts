import { isReadAtOnce, readLogValues } from '../../local/backtest/read-log-values.ts';
import { envelopeOfValue } from '../../local/input/envelope-of-value.ts';
import type { Envelope } from '../../local/input/input-item.ts';
import { readEventFile } from '../../local/input/read-events.ts';

/**
 * The events of one log file; `undefined` stands for a piece that is none. Of a file as CloudTrail writes it, only the
 * records that name MediaConnect are parsed.
 *
 * @throws InputError
 */
export async function* readLogEvents(path: string): AsyncGenerator<Envelope | undefined> {
  if (path !== '-' && isReadAtOnce(path)) {
    for (const value of readLogValues(path).values) yield envelopeOfValue(value);
    return;
  }
  for await (const item of readEventFile(path)) yield item.kind === 'event' ? item.envelope : undefined;
}
