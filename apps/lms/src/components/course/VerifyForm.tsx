import { Button } from '@/components/ui/Button';
import { classes } from '@/components/ui/classes';
import { inputStyle } from '@/components/ui/inputStyle';
import type { Translate } from '@/i18n/translate';

export function VerifyForm({ t, code = '' }: { t: Translate; code?: string }) {
  return (
    <form action="/verify" className="space-y-1.5">
      <label htmlFor="code" className="text-sm font-semibold">
        {t('certificate.codeLabel')}
      </label>
      <p id="code-hint" className="text-sm text-ink-soft">
        {t('certificate.codeHint')}
      </p>
      <div className="flex flex-wrap gap-3">
        <input
          id="code"
          name="code"
          required
          defaultValue={code}
          maxLength={60}
          aria-describedby="code-hint"
          autoComplete="off"
          spellCheck={false}
          className={classes(inputStyle, 'h-11 w-auto min-w-0 flex-1 font-mono uppercase')}
        />
        <Button type="submit" className="h-11">
          {t('certificate.verify')}
        </Button>
      </div>
    </form>
  );
}
