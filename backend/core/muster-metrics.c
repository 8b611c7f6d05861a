/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-metrics"

#include "config.h"

#include <math.h>
#include <string.h>

#include "muster-metrics.h"

typedef struct
{
  MusterMetricsKind    kind;
  const char          *name; /* NULL: a collector */
  const char          *help;
  const char          *labels;
  MusterMetricsRead    read;
  MusterMetricsCollect collect;
  GWeakRef             owner;
} Source;

struct _MusterMetrics
{
  GObject    parent_instance;
  GPtrArray *sources; /* (owned) (element-type Source) */
};

G_DEFINE_FINAL_TYPE (MusterMetrics, muster_metrics, G_TYPE_OBJECT)

static void
source_free (gpointer data)
{
  Source *source = data;

  g_weak_ref_clear (&source->owner);
  g_free (source);
}

static void
muster_metrics_finalize (GObject *object)
{
  g_clear_pointer (&MUSTER_METRICS (object)->sources, g_ptr_array_unref);
  G_OBJECT_CLASS (muster_metrics_parent_class)->finalize (object);
}

static void
muster_metrics_class_init (MusterMetricsClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = muster_metrics_finalize;
}

static void
muster_metrics_init (MusterMetrics *self)
{
  self->sources = g_ptr_array_new_with_free_func (source_free);
}

MusterMetrics *
muster_metrics_new (void)
{
  return g_object_new (MUSTER_TYPE_METRICS, NULL);
}

void
muster_metrics_add (MusterMetrics    *self,
                    MusterMetricsKind kind,
                    const char       *name,
                    const char       *help,
                    const char       *labels,
                    GObject          *owner,
                    MusterMetricsRead read)
{
  Source *source;

  g_return_if_fail (MUSTER_IS_METRICS (self) && name != NULL && help != NULL && read != NULL);
  g_return_if_fail (G_IS_OBJECT (owner));

  source = g_new0 (Source, 1);
  source->kind = kind;
  source->name = name;
  source->help = help;
  source->labels = labels;
  source->read = read;
  g_weak_ref_init (&source->owner, owner);
  g_ptr_array_add (self->sources, source);
}

void
muster_metrics_add_collector (MusterMetrics *self, GObject *owner, MusterMetricsCollect collect)
{
  Source *source;

  g_return_if_fail (MUSTER_IS_METRICS (self) && G_IS_OBJECT (owner) && collect != NULL);

  source = g_new0 (Source, 1);
  source->collect = collect;
  g_weak_ref_init (&source->owner, owner);
  g_ptr_array_add (self->sources, source);
}

/* --- the text format --- */

void
muster_metrics_append_head (GString *text, const char *name, const char *type, const char *help)
{
  g_string_append_printf (text, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, type);
}

void
muster_metrics_append_value (GString *text, const char *name, const char *labels, double value)
{
  char number[G_ASCII_DTOSTR_BUF_SIZE];

  g_string_append (text, name);
  if (labels != NULL && *labels != '\0')
    g_string_append_printf (text, "{%s}", labels);
  if (isinf (value))
    g_strlcpy (number, value > 0 ? "+Inf" : "-Inf", sizeof number);
  else
    g_ascii_dtostr (number, sizeof number, value);
  g_string_append_printf (text, " %s\n", number);
}

void
muster_metrics_append_label (GString *labels, const char *name, const char *value)
{
  g_string_append_printf (labels, "%s%s=\"", labels->len > 0 ? "," : "", name);
  for (const char *p = value; *p != '\0'; p++)
    {
      if (*p == '\\' || *p == '"')
        g_string_append_c (labels, '\\');
      if (*p == '\n')
        g_string_append (labels, "\\n");
      else
        g_string_append_c (labels, *p);
    }
  g_string_append_c (labels, '"');
}

/* --- asking --- */

static void
source_append (Source *source, GString *text, gboolean with_head)
{
  g_autoptr (GObject) owner = g_weak_ref_get (&source->owner);
  double value = owner != NULL ? source->read (owner) : NAN;

  if (with_head)
    muster_metrics_append_head (text, source->name,
                                source->kind == MUSTER_METRICS_COUNTER ? "counter" : "gauge",
                                source->help);
  if (!isnan (value))
    muster_metrics_append_value (text, source->name, source->labels, value);
}

/* The lines of a family must stand together, whoever added them and when. */
static void
muster_metrics_append_family (MusterMetrics *self, guint first, GString *text)
{
  const char *name = ((Source *)self->sources->pdata[first])->name;

  for (guint i = first; i < self->sources->len; i++)
    {
      Source *source = self->sources->pdata[i];

      if (source->name != NULL && strcmp (source->name, name) == 0)
        source_append (source, text, i == first);
    }
}

static void
source_collect (Source *source, GString *text)
{
  g_autoptr (GObject) owner = g_weak_ref_get (&source->owner);

  if (owner != NULL)
    source->collect (text, owner);
}

char *
muster_metrics_print (MusterMetrics *self)
{
  GString *text = g_string_sized_new (4096);
  g_autoptr (GHashTable) done = g_hash_table_new (g_str_hash, g_str_equal);

  g_return_val_if_fail (MUSTER_IS_METRICS (self), NULL);

  for (guint i = 0; i < self->sources->len; i++)
    {
      Source *source = self->sources->pdata[i];

      if (source->name == NULL)
        source_collect (source, text);
      else if (g_hash_table_add (done, (gpointer)source->name))
        muster_metrics_append_family (self, i, text);
    }
  return g_string_free_and_steal (text);
}
