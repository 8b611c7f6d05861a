/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-scan"

#include "config.h"

#include "muster-scan.h"

#define KEY_CLAIM "muster-scan-claim"

struct _MusterScan
{
  GObject parent_instance;

  char             *code; /* (owned) */
  char             *text; /* (owned) (nullable) */
  gint64            time;
  MusterScanOutcome outcome;
};

G_DEFINE_FINAL_TYPE (MusterScan, muster_scan, G_TYPE_OBJECT)

enum
{
  CHANGED,
  N_SIGNALS,
};

static unsigned signals[N_SIGNALS];

static void
muster_scan_finalize (GObject *object)
{
  MusterScan *self = MUSTER_SCAN (object);

  g_free (self->code);
  g_free (self->text);
  G_OBJECT_CLASS (muster_scan_parent_class)->finalize (object);
}

static void
muster_scan_class_init (MusterScanClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = muster_scan_finalize;
  signals[CHANGED] = g_signal_new ("changed", MUSTER_TYPE_SCAN, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                   NULL, G_TYPE_NONE, 0);
}

static void
muster_scan_init (MusterScan *self)
{
  self->time = g_get_real_time ();
}

MusterScan *
muster_scan_new (const char *code)
{
  MusterScan *self = g_object_new (MUSTER_TYPE_SCAN, NULL);

  self->code = g_strdup (code);
  return self;
}

const char *
muster_scan_get_code (MusterScan *self)
{
  g_return_val_if_fail (MUSTER_IS_SCAN (self), NULL);

  return self->code;
}

gint64
muster_scan_get_time (MusterScan *self)
{
  g_return_val_if_fail (MUSTER_IS_SCAN (self), 0);

  return self->time;
}

MusterScanOutcome
muster_scan_get_outcome (MusterScan *self)
{
  g_return_val_if_fail (MUSTER_IS_SCAN (self), MUSTER_SCAN_PENDING);

  return self->outcome;
}

const char *
muster_scan_get_text (MusterScan *self)
{
  g_return_val_if_fail (MUSTER_IS_SCAN (self), NULL);

  return self->text;
}

void
muster_scan_set (MusterScan *self, MusterScanOutcome outcome, const char *text)
{
  g_return_if_fail (MUSTER_IS_SCAN (self));

  self->outcome = outcome;
  g_set_str (&self->text, text);
  g_signal_emit (self, signals[CHANGED], 0);
}

/* --- who wants it --- */

typedef struct
{
  MusterScanFunc func;
  gpointer       user_data;
  GDestroyNotify destroy;
  gboolean       secret;
} Claim;

static void
claim_free (gpointer data)
{
  Claim *claim = data;

  if (claim->destroy != NULL)
    claim->destroy (claim->user_data);
  g_free (claim);
}

static void
claim (GtkWidget     *widget,
       MusterScanFunc func,
       gpointer       user_data,
       GDestroyNotify destroy,
       gboolean       secret)
{
  Claim *claimed = g_new0 (Claim, 1);

  claimed->func = func;
  claimed->user_data = user_data;
  claimed->destroy = destroy;
  claimed->secret = secret;
  g_object_set_data_full (G_OBJECT (widget), KEY_CLAIM, claimed, claim_free);
}

void
muster_scan_claim (GtkWidget     *widget,
                   MusterScanFunc func,
                   gpointer       user_data,
                   GDestroyNotify destroy)
{
  g_return_if_fail (GTK_IS_WIDGET (widget));
  g_return_if_fail (func != NULL);

  claim (widget, func, user_data, destroy, FALSE);
}

void
muster_scan_claim_secret (GtkWidget     *widget,
                          MusterScanFunc func,
                          gpointer       user_data,
                          GDestroyNotify destroy)
{
  g_return_if_fail (GTK_IS_WIDGET (widget));
  g_return_if_fail (func != NULL);

  claim (widget, func, user_data, destroy, TRUE);
}

gboolean
muster_scan_offer (GtkWidget *widget, const char *code, gboolean *secret)
{
  g_return_val_if_fail (code != NULL, FALSE);

  for (; widget != NULL; widget = gtk_widget_get_parent (widget))
    {
      Claim   *found = g_object_get_data (G_OBJECT (widget), KEY_CLAIM);
      gboolean is_secret = found != NULL && found->secret;

      if (found == NULL || !found->func (widget, code, found->user_data))
        continue;
      if (secret != NULL)
        *secret = is_secret;
      return TRUE;
    }
  return FALSE;
}
