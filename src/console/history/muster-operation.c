/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-operation"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "muster-kind.h"
#include "muster-operation.h"
#include "widgets/muster-format.h"

struct _MusterOperation
{
  GObject parent_instance;

  GPtrArray *changes; /* (owned) (element-type MusterApiChange), newest first; never empty */
};

G_DEFINE_FINAL_TYPE (MusterOperation, muster_operation, G_TYPE_OBJECT)

enum
{
  CHANGED,
  N_SIGNALS,
};

static unsigned signals[N_SIGNALS];

static MusterApiChange *
first_of (MusterOperation *self)
{
  return self->changes->pdata[self->changes->len - 1];
}

static void
muster_operation_finalize (GObject *object)
{
  g_ptr_array_unref (MUSTER_OPERATION (object)->changes);
  G_OBJECT_CLASS (muster_operation_parent_class)->finalize (object);
}

static void
muster_operation_class_init (MusterOperationClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = muster_operation_finalize;
  signals[CHANGED] = g_signal_new ("changed", MUSTER_TYPE_OPERATION, G_SIGNAL_RUN_LAST, 0, NULL,
                                   NULL, NULL, G_TYPE_NONE, 0);
}

static void
muster_operation_init (MusterOperation *self)
{
  self->changes = g_ptr_array_new_with_free_func (g_object_unref);
}

MusterOperation *
muster_operation_new (MusterApiChange *change)
{
  MusterOperation *self;

  g_return_val_if_fail (MUSTER_IS_API_CHANGE (change), NULL);

  self = g_object_new (MUSTER_TYPE_OPERATION, NULL);
  g_ptr_array_add (self->changes, g_object_ref (change));
  return self;
}

gboolean
muster_operation_add (MusterOperation *self, MusterApiChange *change)
{
  g_return_val_if_fail (MUSTER_IS_OPERATION (self), FALSE);
  g_return_val_if_fail (MUSTER_IS_API_CHANGE (change), FALSE);

  if (g_strcmp0 (muster_operation_get_id (self), muster_api_change_get_operation (change)) != 0)
    return FALSE;
  g_ptr_array_add (self->changes, g_object_ref (change));
  return TRUE;
}

void
muster_operation_update (MusterOperation *self, MusterOperation *newer)
{
  gboolean same;

  g_return_if_fail (MUSTER_IS_OPERATION (self));
  g_return_if_fail (MUSTER_IS_OPERATION (newer));

  same =
    self->changes->len >= newer->changes->len &&
    muster_operation_is_undone (self) == muster_operation_is_undone (newer) &&
    g_strcmp0 (muster_operation_get_obstacle (self), muster_operation_get_obstacle (newer)) == 0;
  if (same)
    return;
  g_ptr_array_unref (self->changes);
  self->changes = g_ptr_array_ref (newer->changes);
  g_signal_emit (self, signals[CHANGED], 0);
}

const char *
muster_operation_get_id (MusterOperation *self)
{
  g_return_val_if_fail (MUSTER_IS_OPERATION (self), NULL);

  return muster_api_change_get_operation (self->changes->pdata[0]);
}

gint64
muster_operation_get_sequence (MusterOperation *self)
{
  g_return_val_if_fail (MUSTER_IS_OPERATION (self), 0);

  return muster_api_change_get_sequence (first_of (self));
}

gint64
muster_operation_get_time (MusterOperation *self)
{
  g_return_val_if_fail (MUSTER_IS_OPERATION (self), 0);

  return muster_api_change_get_time (first_of (self));
}

const char *
muster_operation_get_actor (MusterOperation *self)
{
  g_return_val_if_fail (MUSTER_IS_OPERATION (self), NULL);

  return muster_api_change_get_actor (first_of (self));
}

const char *
muster_operation_get_entity (MusterOperation *self)
{
  g_return_val_if_fail (MUSTER_IS_OPERATION (self), NULL);

  return muster_api_change_get_entity (first_of (self));
}

GPtrArray *
muster_operation_get_changes (MusterOperation *self)
{
  g_return_val_if_fail (MUSTER_IS_OPERATION (self), NULL);

  return self->changes;
}

unsigned
muster_operation_get_count (MusterOperation *self)
{
  g_return_val_if_fail (MUSTER_IS_OPERATION (self), 0);

  return self->changes->len;
}

/* The record's name where there is one record, their number and kind where there are many. */
static char *
describe_records (MusterOperation *self)
{
  const MusterKind *kind = muster_kind_find (muster_operation_get_entity (self));
  const char       *title = muster_api_change_get_title (first_of (self));
  unsigned          n_same = 0;

  for (unsigned i = 0; i < self->changes->len; i++)
    n_same += g_strcmp0 (muster_api_change_get_entity (self->changes->pdata[i]),
                         muster_operation_get_entity (self)) == 0;
  if (n_same > 1 && kind != NULL && kind->plural != NULL)
    /* Translators: a number and a kind of record, “12 Devices”. */
    return g_strdup_printf (_ ("%u %s"), n_same, _ (kind->plural));
  /* What was changed is named by the summary as it was called then. */
  return g_strcmp0 (muster_api_change_get_action (first_of (self)), "update") != 0
           ? g_strdup (title)
           : NULL;
}

char *
muster_operation_dup_title (MusterOperation *self)
{
  const char      *summary;
  g_autofree char *records = NULL, *sentence = NULL;

  g_return_val_if_fail (MUSTER_IS_OPERATION (self), NULL);

  summary = muster_api_change_get_summary (first_of (self));
  records = describe_records (self);
  sentence = muster_format_sentence (summary != NULL ? summary : _ ("changed"));
  if (records == NULL || strstr (sentence, records) != NULL)
    return g_steal_pointer (&sentence);
  return g_strdup_printf ("%s: %s", sentence, records);
}

const char *
muster_operation_get_obstacle (MusterOperation *self)
{
  g_return_val_if_fail (MUSTER_IS_OPERATION (self), NULL);

  if (muster_operation_is_undone (self))
    return _ ("Already taken back");
  for (unsigned i = 0; i < self->changes->len; i++)
    if (muster_api_change_get_final (self->changes->pdata[i]) != NULL)
      return muster_api_change_get_final (self->changes->pdata[i]);
  return NULL;
}

gboolean
muster_operation_is_undone (MusterOperation *self)
{
  g_return_val_if_fail (MUSTER_IS_OPERATION (self), FALSE);

  for (unsigned i = 0; i < self->changes->len; i++)
    if (muster_api_change_get_undone_by (self->changes->pdata[i]) > 0)
      return TRUE;
  return FALSE;
}

gboolean
muster_operation_is_undo (MusterOperation *self)
{
  g_return_val_if_fail (MUSTER_IS_OPERATION (self), FALSE);

  return muster_api_change_get_undoes (first_of (self)) > 0;
}

static gboolean
has_text (const char *where, const char *text)
{
  g_autofree char *folded = where != NULL ? g_utf8_casefold (where, -1) : NULL;

  return folded != NULL && strstr (folded, text) != NULL;
}

gboolean
muster_operation_matches (MusterOperation *self, const char *text)
{
  g_autofree char *title = NULL;

  g_return_val_if_fail (MUSTER_IS_OPERATION (self), FALSE);

  title = muster_operation_dup_title (self);
  if (has_text (title, text))
    return TRUE;
  for (unsigned i = 0; i < self->changes->len; i++)
    if (has_text (muster_api_change_get_title (self->changes->pdata[i]), text))
      return TRUE;
  return FALSE;
}
