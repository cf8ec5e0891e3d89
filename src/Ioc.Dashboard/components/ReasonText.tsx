import { tOr } from '../text/text';

/** Why a message was set aside, or a client refused: in words, and the name that API and log use. */
export function ReasonText({ reason, of = 'reason' }: { reason: string; of?: 'reason' | 'refusal' }) {
  const words = tOr(of === 'refusal' ? `refusal.${reason}` : `reason.${reason}`, '');
  return (
    <>
      {words !== '' && `${words} `}
      <span class={words === '' ? 'code' : 'code note'}>{reason}</span>
    </>
  );
}
