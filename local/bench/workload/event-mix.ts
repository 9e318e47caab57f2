import { OPERATIONS, type OperationName } from '../../../shared/operations.ts';
import { PRINCIPAL_CARDS } from '../../gallery/principal-cards.ts';
import { callShape } from './call-shapes.ts';
import { envelopeText, eventIdOf } from './queued-text.ts';

/** One call in so many is denied. */
const DENIED_EVERY = 10;

const denial = (operation: string) => ({
  errorCode: 'AccessDeniedException',
  errorMessage: `User: arn:aws:sts::111122223333:assumed-role/Trainee/sam@example.org is not authorized to perform: mediaconnect:${operation}`,
  responseElements: null,
});

/** What the rules' targets would put into the queue: every operation, by every kind of principal. */
export function eventMix(): readonly string[] {
  const operations = Object.keys(OPERATIONS) as OperationName[];
  const principals = Object.values(PRINCIPAL_CARDS);
  return operations.flatMap((operation, row) =>
    principals.map((principal, column) => {
      const number = row * principals.length + column;
      return envelopeText({
        ...callShape(operation),
        ...principal,
        ...(number % DENIED_EVERY === 0 ? denial(operation) : {}),
        eventID: eventIdOf(number),
      });
    }),
  );
}
