import { element } from './element.ts';

const KEEP = 20;

/** Says to a screen reader what a seeing reader notices: messages that arrive, here and elsewhere. */
export function createAnnouncer(log: HTMLElement): (text: string) => void {
  return (text) => {
    log.append(element('p', {}, text));
    while (log.childElementCount > KEEP) log.firstElementChild?.remove();
  };
}
