/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-retention-class"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "muster-retention-class.h"

/* clang-format off */
static const MusterField fields[] = {
  MUSTER_ENTITY_BASE_FIELDS,
  { "name", MUSTER_FIELD_STRING, MUSTER_FIELD_REQUIRED | MUSTER_FIELD_SEARCHABLE, 1, 120, .label = N_("Name"), .doc = "What people call it." },
  { "pattern", MUSTER_FIELD_STRING, MUSTER_FIELD_REQUIRED, 1, 2000, .label = N_("Metrics"), .doc = "Patterns of metrics' names, parted by commas: `climate/*, power`. `*` stands for any characters, `?` for one." },
  { "position", MUSTER_FIELD_INTEGER, MUSTER_FIELD_PLAIN, 0, 1000000, .label = N_("Position"), .doc = "A metric is of the first class that names it, the least position first." },
  { "raw_days", MUSTER_FIELD_INTEGER, MUSTER_FIELD_NULLABLE, 1, 36500, .unit = "d", .label = N_("Keep samples"), .doc = "For how many whole days samples are kept; null: for ever." },
  { "minute_days", MUSTER_FIELD_INTEGER, MUSTER_FIELD_NULLABLE, 0, 36500, .unit = "d", .label = N_("Keep minutes"), .doc = "For how many days mean, least and greatest of each minute are kept; 0: not longer than samples; null: for ever." },
  { "hour_days", MUSTER_FIELD_INTEGER, MUSTER_FIELD_NULLABLE, 0, 36500, .unit = "d", .label = N_("Keep hours"), .doc = "For how many days mean, least and greatest of each hour are kept; 0: not longer than minutes; null: for ever." },
};
/* clang-format on */

const MusterEntityInfo muster_retention_class_info = {
  .name = "retention_class",
  .table = "retention_class",
  .path = "retention-classes",
  .schema = "RetentionClass",
  .doc = "How long samples of some metrics are kept.",
  .fields = fields,
  .n_fields = G_N_ELEMENTS (fields),
  .title_field = "name",
  .get_type = muster_retention_class_get_type,
};

struct _MusterRetentionClass
{
  MusterEntity parent_instance;
};

G_DEFINE_FINAL_TYPE (MusterRetentionClass, muster_retention_class, MUSTER_TYPE_ENTITY)

static void
muster_retention_class_class_init (MusterRetentionClassClass *klass)
{
  muster_entity_class_set_info (MUSTER_ENTITY_CLASS (klass), &muster_retention_class_info);
}

static void
muster_retention_class_init (MusterRetentionClass *self)
{
}

/* What is coarser takes less room, and is all that tells of what is finer once that is gone. */
static void
check_days (MusterEntity      *self,
            MusterFieldErrors *errors,
            const char        *prefix,
            const char        *coarse,
            const char        *fine,
            const char        *fine_label)
{
  g_autofree char *pointer = g_strconcat (prefix, "/", coarse, NULL);
  gint64           days = muster_entity_get_integer (self, coarse);

  if (muster_entity_is_null (self, coarse) || days == 0)
    return;
  if (muster_entity_is_null (self, fine))
    muster_field_errors_add (errors, pointer, "must be null or 0: %s is null, for ever",
                             fine_label);
  else if (days < muster_entity_get_integer (self, fine))
    muster_field_errors_add (errors, pointer, "must not be fewer than %s", fine_label);
}

gboolean
muster_retention_class_check (MusterEntity *self, const char *prefix, GError **error)
{
  g_autoptr (MusterFieldErrors) errors = muster_field_errors_new ();
  g_auto (GStrv) patterns = NULL;
  g_autofree char *pointer = g_strconcat (prefix, "/pattern", NULL);

  g_return_val_if_fail (MUSTER_IS_RETENTION_CLASS (self) && prefix != NULL, FALSE);

  patterns = g_strsplit (muster_entity_get_string (self, "pattern"), ",", -1);
  for (unsigned i = 0; patterns[i] != NULL; i++)
    if (*g_strstrip (patterns[i]) == '\0')
      {
        muster_field_errors_add (errors, pointer,
                                 "has an empty pattern: give names parted by single commas");
        break;
      }
  check_days (self, errors, prefix, "minute_days", "raw_days", "raw_days");
  check_days (self, errors, prefix, "hour_days", "raw_days", "raw_days");
  if (muster_entity_get_integer (self, "minute_days") > 0 ||
      muster_entity_is_null (self, "minute_days"))
    check_days (self, errors, prefix, "hour_days", "minute_days", "minute_days");
  return muster_field_errors_check (errors, error);
}
