/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-ignored-candidate"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "muster-ignored-candidate.h"

/* clang-format off */
static const MusterField fields[] = {
  MUSTER_ENTITY_BASE_FIELDS,
  { "key", MUSTER_FIELD_STRING, MUSTER_FIELD_REQUIRED | MUSTER_FIELD_UNIQUE, 1, 200, .label = N_("Key"), .doc = "Key of the candidate that is not to be shown." },
  { "name", MUSTER_FIELD_STRING, MUSTER_FIELD_NULLABLE, 1, 200, .label = N_("Name"), .doc = "What it called itself when it was ignored." },
};
/* clang-format on */

const MusterEntityInfo muster_ignored_candidate_info = {
  .name = "ignored_candidate",
  .table = "ignored_candidate",
  .path = "ignored-candidates",
  .schema = "IgnoredCandidate",
  .doc = "A candidate that somebody chose not to see.",
  .fields = fields,
  .n_fields = G_N_ELEMENTS (fields),
  .title_field = "name",
  .get_type = muster_ignored_candidate_get_type,
};

struct _MusterIgnoredCandidate
{
  MusterEntity parent_instance;
};

G_DEFINE_FINAL_TYPE (MusterIgnoredCandidate, muster_ignored_candidate, MUSTER_TYPE_ENTITY)

static void
muster_ignored_candidate_class_init (MusterIgnoredCandidateClass *klass)
{
  muster_entity_class_set_info (MUSTER_ENTITY_CLASS (klass), &muster_ignored_candidate_info);
}

static void
muster_ignored_candidate_init (MusterIgnoredCandidate *self)
{
}
