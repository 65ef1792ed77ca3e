import * as migration_20261124_024015_initial from './20261124_024015_initial.ts';
import * as migration_20261124_024419_platform_rules from './20261124_024419_platform_rules.ts';
import * as migration_20261125_104637_sign_in_factors from './20261125_104637_sign_in_factors.ts';
import * as migration_20261125_105526_key_release from './20261125_105526_key_release.ts';
import * as migration_20261125_133537_files from './20261125_133537_files.ts';
import * as migration_20261125_141043_roles from './20261125_141043_roles.ts';
import * as migration_20261125_150257_audit_and_support from './20261125_150257_audit_and_support.ts';
import * as migration_20261125_170549_second_factor_from from './20261125_170549_second_factor_from.ts';
import * as migration_20261130_030938_rewritten_rows from './20261130_030938_rewritten_rows.ts';
import * as migration_20261130_074329_metering from './20261130_074329_metering.ts';
import * as migration_20261130_080802_keeping from './20261130_080802_keeping.ts';
import * as migration_20261130_092106_packages_scanned from './20261130_092106_packages_scanned.ts';
import * as migration_20261130_093643_releases from './20261130_093643_releases.ts';
import * as migration_20261130_120933_traffic_limit from './20261130_120933_traffic_limit.ts';
import * as migration_20261130_144403_processor_limit from './20261130_144403_processor_limit.ts';
import * as migration_20261130_152635_trials from './20261130_152635_trials.ts';
import * as migration_20261130_153204_operation_traceparent from './20261130_153204_operation_traceparent.ts';
import * as migration_20261130_184512_machines from './20261130_184512_machines.ts';
import * as migration_20261201_001219_moments from './20261201_001219_moments.ts';
import * as migration_20261201_023531_draining_since from './20261201_023531_draining_since.ts';

export const migrations = [
  {
    up: migration_20261124_024015_initial.up,
    down: migration_20261124_024015_initial.down,
    name: '20261124_024015_initial',
  },
  {
    up: migration_20261124_024419_platform_rules.up,
    down: migration_20261124_024419_platform_rules.down,
    name: '20261124_024419_platform_rules',
  },
  {
    up: migration_20261125_104637_sign_in_factors.up,
    down: migration_20261125_104637_sign_in_factors.down,
    name: '20261125_104637_sign_in_factors',
  },
  {
    up: migration_20261125_105526_key_release.up,
    down: migration_20261125_105526_key_release.down,
    name: '20261125_105526_key_release',
  },
  {
    up: migration_20261125_133537_files.up,
    down: migration_20261125_133537_files.down,
    name: '20261125_133537_files',
  },
  {
    up: migration_20261125_141043_roles.up,
    down: migration_20261125_141043_roles.down,
    name: '20261125_141043_roles',
  },
  {
    up: migration_20261125_150257_audit_and_support.up,
    down: migration_20261125_150257_audit_and_support.down,
    name: '20261125_150257_audit_and_support',
  },
  {
    up: migration_20261125_170549_second_factor_from.up,
    down: migration_20261125_170549_second_factor_from.down,
    name: '20261125_170549_second_factor_from',
  },
  {
    up: migration_20261130_030938_rewritten_rows.up,
    down: migration_20261130_030938_rewritten_rows.down,
    name: '20261130_030938_rewritten_rows',
  },
  {
    up: migration_20261130_074329_metering.up,
    down: migration_20261130_074329_metering.down,
    name: '20261130_074329_metering',
  },
  {
    up: migration_20261130_080802_keeping.up,
    down: migration_20261130_080802_keeping.down,
    name: '20261130_080802_keeping',
  },
  {
    up: migration_20261130_092106_packages_scanned.up,
    down: migration_20261130_092106_packages_scanned.down,
    name: '20261130_092106_packages_scanned',
  },
  {
    up: migration_20261130_093643_releases.up,
    down: migration_20261130_093643_releases.down,
    name: '20261130_093643_releases',
  },
  {
    up: migration_20261130_120933_traffic_limit.up,
    down: migration_20261130_120933_traffic_limit.down,
    name: '20261130_120933_traffic_limit',
  },
  {
    up: migration_20261130_144403_processor_limit.up,
    down: migration_20261130_144403_processor_limit.down,
    name: '20261130_144403_processor_limit',
  },
  {
    up: migration_20261130_152635_trials.up,
    down: migration_20261130_152635_trials.down,
    name: '20261130_152635_trials',
  },
  {
    up: migration_20261130_153204_operation_traceparent.up,
    down: migration_20261130_153204_operation_traceparent.down,
    name: '20261130_153204_operation_traceparent',
  },
  {
    up: migration_20261130_184512_machines.up,
    down: migration_20261130_184512_machines.down,
    name: '20261130_184512_machines',
  },
  {
    up: migration_20261201_001219_moments.up,
    down: migration_20261201_001219_moments.down,
    name: '20261201_001219_moments',
  },
  {
    up: migration_20261201_023531_draining_since.up,
    down: migration_20261201_023531_draining_since.down,
    name: '20261201_023531_draining_since',
  },
];
