INSERT INTO `scans` (school, scope, days, until, at) SELECT DISTINCT school, 'told:' || scope, 0, 0, 0 FROM scans WHERE scope NOT IN ('', 'school')
  ON CONFLICT (school, scope, days) DO NOTHING;
