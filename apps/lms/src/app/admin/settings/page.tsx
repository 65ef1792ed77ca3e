import { brandScale } from '@preau/design/brandScale';
import { AdminFrame } from '@/administration/AdminFrame';
import { saveSecondFactor, saveSettings } from '@/administration/actions';
import { ProblemPage } from '@/components/shell/ProblemPage';
import { Alert } from '@/components/ui/Alert';
import { Card } from '@/components/ui/Card';
import { Checkbox } from '@/components/ui/Checkbox';
import { Field, Select, TextArea } from '@/components/ui/Field';
import { Form } from '@/components/ui/Form';
import { SubmitButton } from '@/components/ui/SubmitButton';
import { formatInstant } from '@/i18n/format';
import { backend } from '@/server/backend';
import { load } from '@/server/load';
import { administratorVisit } from '@/studio/author';

export default async function SettingsPage() {
  const path = '/admin/settings';
  const { t, call, locale } = await administratorVisit(path, 'settings.write');
  const { data: settings, problem } = await load(path, backend().getSettings({ ...call }));
  if (problem) {
    return (
      <AdminFrame part="settings">
        <ProblemPage problem={problem} />
      </AdminFrame>
    );
  }
  const scale = brandScale(settings.colour);
  const { used, limit } = settings.learners;
  const { rule, from } = settings.secondFactor;
  return (
    <AdminFrame part="settings">
      <Form
        id="settings"
        action={saveSettings}
        referenceLabel={t('problem.reference')}
        className="mx-auto max-w-2xl space-y-8"
      >
        <Card className="space-y-5">
          <h2 className="text-xl">{t('admin.identity')}</h2>
          <Field
            name="name"
            label={t('admin.siteName')}
            defaultValue={settings.name}
            maxLength={80}
            required
          />
          <Select name="locale" label={t('admin.language')} defaultValue={settings.locale}>
            <option value="fr">Français</option>
            <option value="en">English</option>
          </Select>
          <div className="grid gap-5 sm:grid-cols-2">
            <Field
              name="colour"
              type="color"
              label={t('admin.colour')}
              defaultValue={settings.colour}
              className="p-1"
            />
            <Field
              name="radius"
              type="number"
              min={0}
              max={20}
              label={t('admin.radius')}
              defaultValue={settings.radius}
            />
          </div>
          {(scale.shifted.light || scale.shifted.dark) && (
            <Alert tone="warning">
              {t('admin.colourShifted', {
                direction: scale.shifted.light ? t('admin.darker') : t('admin.lighter'),
              })}
            </Alert>
          )}
          {settings.logo && (
            // biome-ignore lint/performance/noImgElement: image optimisation lives outside of the instance
            <img src={settings.logo} alt={settings.name} className="max-h-16 w-auto" />
          )}
          <Field
            name="logo"
            type="file"
            accept="image/png,image/jpeg,image/webp"
            label={t('admin.logo')}
            hint={t('admin.logoHint')}
            optional={t('studio.optional')}
            className="h-auto py-2"
          />
          {settings.logo && <Checkbox name="removeLogo" label={t('admin.logoRemove')} />}
        </Card>
        <Card className="space-y-5">
          <h2 className="text-xl">{t('admin.access')}</h2>
          <Select name="catalogue" label={t('admin.catalogue')} defaultValue={settings.catalogue}>
            <option value="private">{t('admin.cataloguePrivate')}</option>
            <option value="public">{t('admin.cataloguePublic')}</option>
          </Select>
          <Select name="registration" label={t('admin.registration')} defaultValue={settings.registration}>
            <option value="invitation">{t('admin.registrationInvitation')}</option>
            <option value="open">{t('admin.registrationOpen')}</option>
          </Select>
          <p className="text-sm text-ink-soft">
            {limit === null ? t('admin.usageFree', { used }) : t('admin.usage', { used, limit })}
          </p>
        </Card>
        <Card className="space-y-5">
          <h2 className="text-xl">{t('admin.certificate')}</h2>
          <TextArea
            name="certificateWording"
            label={t('admin.wording')}
            optional={t('studio.optional')}
            defaultValue={settings.certificateWording}
            rows={3}
            maxLength={500}
          />
          <Field
            name="certificateSignatory"
            label={t('admin.signatory')}
            optional={t('studio.optional')}
            defaultValue={settings.certificateSignatory}
            maxLength={120}
          />
        </Card>
        <SubmitButton>{t('admin.save')}</SubmitButton>
      </Form>
      <Form
        id="second-factor"
        action={saveSecondFactor}
        referenceLabel={t('problem.reference')}
        className="mx-auto mt-8 max-w-2xl"
      >
        <Card className="space-y-5">
          <h2 className="text-xl">{t('admin.secondFactor')}</h2>
          <p className="text-ink-soft">{t('admin.secondFactorLead')}</p>
          {rule !== 'optional' && from && (
            <Alert>{t('admin.secondFactorFrom', { when: formatInstant(locale, from) })}</Alert>
          )}
          <Select name="rule" label={t('admin.secondFactorRule')} defaultValue={rule}>
            <option value="optional">{t('admin.secondFactorOptional')}</option>
            <option value="administrators">{t('admin.secondFactorAdministrators')}</option>
            <option value="everybody">{t('admin.secondFactorEverybody')}</option>
          </Select>
          <Select
            name="graceDays"
            label={t('admin.secondFactorGrace')}
            hint={t('admin.secondFactorGraceHint')}
            defaultValue="7"
          >
            <option value="0">{t('admin.secondFactorNow')}</option>
            <option value="7">{t('admin.secondFactorDays', { count: 7 })}</option>
            <option value="30">{t('admin.secondFactorDays', { count: 30 })}</option>
          </Select>
          <SubmitButton variant="secondary">{t('admin.secondFactorSave')}</SubmitButton>
        </Card>
      </Form>
    </AdminFrame>
  );
}
