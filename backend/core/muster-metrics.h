/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

typedef enum
{
  MUSTER_METRICS_COUNTER, /* only ever grows while the daemon runs; its name ends in _total */
  MUSTER_METRICS_GAUGE,
} MusterMetricsKind;

/**
 * MusterMetrics:
 *
 * What the daemon counts about itself, for /metrics (Prometheus text format 0.0.4). Rooms keep
 * their own numbers and say here how to read them; nothing is paid until somebody asks. Main thread
 * only.
 */
#define MUSTER_TYPE_METRICS (muster_metrics_get_type ())
G_DECLARE_FINAL_TYPE (MusterMetrics, muster_metrics, MUSTER, METRICS, GObject)

/* The present value; NAN leaves it out. */
typedef double (*MusterMetricsRead) (gpointer owner);
/* Appends whole families by muster_metrics_append_head() and muster_metrics_append_value(). */
typedef void (*MusterMetricsCollect) (GString *text, gpointer owner);

MusterMetrics *muster_metrics_new (void);
/* NAME: "muster_samples_stored_total", in base units (seconds, bytes). LABELS: `topic="data"` or
 * NULL. One name may be added with several labels, and then with the same kind and HELP. NAME, HELP
 * and LABELS stay. Ends by itself when OWNER is finalized. */
void muster_metrics_add (MusterMetrics    *self,
                         MusterMetricsKind kind,
                         const char       *name,
                         const char       *help,
                         const char       *labels,
                         GObject          *owner,
                         MusterMetricsRead read);
/* For families whose labels come up at run time. */
void muster_metrics_add_collector (MusterMetrics       *self,
                                   GObject             *owner,
                                   MusterMetricsCollect collect);
/* Everything as text: (transfer full). */
char *muster_metrics_print (MusterMetrics *self);

/* `# HELP` and `# TYPE`; TYPE: "counter", "gauge" or "histogram". */
void muster_metrics_append_head (GString    *text,
                                 const char *name,
                                 const char *type,
                                 const char *help);
/* One line; LABELS as above or NULL. */
void muster_metrics_append_value (GString    *text,
                                  const char *name,
                                  const char *labels,
                                  double      value);
/* `NAME="VALUE"` with VALUE escaped; after a comma unless LABELS is empty. */
void muster_metrics_append_label (GString *labels, const char *name, const char *value);

G_END_DECLS
