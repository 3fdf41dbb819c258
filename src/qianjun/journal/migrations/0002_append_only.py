"""Entries and seals are only ever added; of a body only erasing is allowed.

The tests empty tables between them by TRUNCATE. Their settings, and nothing else, open each
connection with ``-c qianjun.tests_may_truncate=on``; without it TRUNCATE is refused too.
"""

from django.db import migrations

FORWARD = """
CREATE FUNCTION journal_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'TRUNCATE' AND current_setting('qianjun.tests_may_truncate', true) = 'on' THEN
    RETURN NULL;
  END IF;
  RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP
    USING ERRCODE = 'restrict_violation';
END $$;

CREATE FUNCTION journal_erase_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.entry_id = OLD.entry_id AND NEW.salt = '' AND NEW.text = ''
    AND NEW.erased_at IS NOT NULL AND OLD.erased_at IS NULL THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'a body can only be erased' USING ERRCODE = 'restrict_violation';
END $$;

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON journal_entry
  FOR EACH STATEMENT EXECUTE FUNCTION journal_append_only();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON journal_seal
  FOR EACH STATEMENT EXECUTE FUNCTION journal_append_only();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON journal_mark
  FOR EACH STATEMENT EXECUTE FUNCTION journal_append_only();
CREATE TRIGGER append_only BEFORE DELETE OR TRUNCATE ON journal_body
  FOR EACH STATEMENT EXECUTE FUNCTION journal_append_only();
CREATE TRIGGER erase_only BEFORE UPDATE ON journal_body
  FOR EACH ROW EXECUTE FUNCTION journal_erase_only();
"""

BACK = """
DROP TRIGGER erase_only ON journal_body;
DROP TRIGGER append_only ON journal_body;
DROP TRIGGER append_only ON journal_mark;
DROP TRIGGER append_only ON journal_seal;
DROP TRIGGER append_only ON journal_entry;
DROP FUNCTION journal_erase_only();
DROP FUNCTION journal_append_only();
"""


class Migration(migrations.Migration):
    dependencies = [("journal", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, BACK)]
