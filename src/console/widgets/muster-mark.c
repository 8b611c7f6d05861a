/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-mark"

#include "config.h"

#include "muster-mark.h"

struct _MusterMark
{
  GObject parent_instance;

  MusterMarkKind kind;
  gint64         from;
  gint64         until;
  char          *text; /* (owned) */
  char          *id;   /* (owned) (nullable) */
};

G_DEFINE_FINAL_TYPE (MusterMark, muster_mark, G_TYPE_OBJECT)

static void
muster_mark_finalize (GObject *object)
{
  MusterMark *self = MUSTER_MARK (object);

  g_free (self->text);
  g_free (self->id);
  G_OBJECT_CLASS (muster_mark_parent_class)->finalize (object);
}

static void
muster_mark_class_init (MusterMarkClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = muster_mark_finalize;
}

static void
muster_mark_init (MusterMark *self)
{
}

MusterMark *
muster_mark_new (MusterMarkKind kind, gint64 from, gint64 until, const char *text, const char *id)
{
  MusterMark *self;

  g_return_val_if_fail (kind < MUSTER_N_MARKS, NULL);
  g_return_val_if_fail (text != NULL, NULL);

  self = g_object_new (MUSTER_TYPE_MARK, NULL);
  self->kind = kind;
  self->from = from;
  self->until = MAX (from, until);
  self->text = g_strdup (text);
  self->id = g_strdup (id);
  return self;
}

MusterMarkKind
muster_mark_get_kind (MusterMark *self)
{
  g_return_val_if_fail (MUSTER_IS_MARK (self), MUSTER_MARK_NOTE);

  return self->kind;
}

gint64
muster_mark_get_from (MusterMark *self)
{
  g_return_val_if_fail (MUSTER_IS_MARK (self), 0);

  return self->from;
}

gint64
muster_mark_get_until (MusterMark *self)
{
  g_return_val_if_fail (MUSTER_IS_MARK (self), 0);

  return self->until;
}

const char *
muster_mark_get_text (MusterMark *self)
{
  g_return_val_if_fail (MUSTER_IS_MARK (self), NULL);

  return self->text;
}

const char *
muster_mark_get_id (MusterMark *self)
{
  g_return_val_if_fail (MUSTER_IS_MARK (self), NULL);

  return self->id;
}
