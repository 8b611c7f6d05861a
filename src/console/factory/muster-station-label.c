/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-station-label"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "client/muster-api-factory.h"
#include "muster-station-label.h"
#include "print/muster-label-printer.h"
#include "print/muster-paper-view.h"
#include "print/muster-print-load.h"
#include "widgets/muster-format.h"

#define LABEL_FORMAT "roll-62x29"
#define WIDTH 300

struct _MusterStationLabel
{
  AdwBin parent_instance;

  MusterSession   *session;   /* (owned) (nullable) */
  MusterEntity    *unit;      /* (owned) (nullable) */
  char            *device_id; /* (owned) (nullable): whose label is shown, or read */
  char            *sent;      /* (owned) (nullable): the unit whose label was sent from here */
  MusterPrintable *paper;     /* (owned) (nullable): what is shown */
  MusterPaperView *view;
  GtkLabel        *state;
};

G_DEFINE_FINAL_TYPE (MusterStationLabel, muster_station_label, ADW_TYPE_BIN)

static MusterUnitLabel
get_label (MusterStationLabel *self)
{
  return self->unit != NULL ? (MusterUnitLabel)muster_entity_get_enum (self->unit, "label")
                            : MUSTER_UNIT_LABEL_NONE;
}

/* --- printing --- */

/* How it went with the label of a unit; the site tells everybody, this window included. */
typedef struct
{
  MusterSession *session; /* (owned) */
  char          *unit_id; /* (owned) */
} Sent;

static void
sent_free (gpointer data)
{
  Sent *self = data;

  g_object_unref (self->session);
  g_free (self->unit_id);
  g_free (self);
}

static DexFuture *
tell_trouble_cb (DexFuture *future, gpointer session)
{
  g_autoptr (GError) error = NULL;

  if (dex_future_get_value (future, &error) == NULL)
    muster_session_tell_error (session, _ ("What became of the label was not noted"), error);
  return dex_future_new_true ();
}

static DexFuture *
note (MusterSession *session, const char *unit_id, const GError *error)
{
  return dex_future_finally (muster_api_factory_print_label (muster_session_get_client (session),
                                                             unit_id,
                                                             error == NULL ? "printed" : "failed",
                                                             error != NULL ? error->message : NULL),
                             tell_trouble_cb, g_object_ref (session), g_object_unref);
}

static DexFuture *
sent_cb (DexFuture *future, gpointer user_data)
{
  Sent *self = user_data;
  g_autoptr (GError) error = NULL;

  dex_future_get_value (future, &error);
  return note (self->session, self->unit_id, error);
}

void
muster_station_label_print (MusterStationLabel *self, gboolean again)
{
  Sent *sent = NULL;

  g_return_if_fail (MUSTER_IS_STATION_LABEL (self));

  if (self->unit == NULL)
    return;
  if (self->paper == NULL)
    {
      muster_session_tell (self->session, _ ("The label is not there yet"));
      return;
    }
  sent = g_new0 (Sent, 1);
  sent->session = g_object_ref (self->session);
  sent->unit_id = g_strdup (muster_entity_get_id (self->unit));
  g_set_str (&self->sent, sent->unit_id);
  dex_future_disown (
    dex_future_finally (muster_label_printer_print (GTK_WIDGET (self), self->paper, again), sent_cb,
                        sent, sent_free));
}

/* Once, however often it is told that it is due. */
static gboolean
is_due (MusterStationLabel *self)
{
  return get_label (self) == MUSTER_UNIT_LABEL_DUE &&
         g_strcmp0 (self->sent, muster_entity_get_id (self->unit)) != 0;
}

/* --- reading --- */

/* A label that cannot be read is not printed: whoever may do so shall know. */
static void
tell_unread (MusterStationLabel *self, const GError *error)
{
  if (!is_due (self))
    {
      muster_session_tell_error (self->session, _ ("The label could not be read"), error);
      return;
    }
  g_set_str (&self->sent, muster_entity_get_id (self->unit));
  dex_future_disown (note (self->session, self->sent, error));
}

static DexFuture *
load_fiber (gpointer user_data)
{
  MusterStationLabel *self = user_data;
  g_autofree char    *device = g_strdup (self->device_id);
  const char         *ids[] = { device, NULL };
  g_autoptr (GError) error = NULL;
  g_autoptr (MusterLabelPrint) print =
              muster_label_print_new (muster_label_format_find (LABEL_FORMAT), 0);
  gboolean loaded = muster_print_load_labels (print, muster_session_get_client (self->session),
                                              "device", ids, TRUE, &error);

  if (g_strcmp0 (device, self->device_id) != 0)
    return dex_future_new_true ();
  if (!loaded)
    {
      tell_unread (self, error);
      return dex_future_new_true ();
    }
  muster_printable_set_title (MUSTER_PRINTABLE (print), _ ("Label"));
  muster_printable_layout (MUSTER_PRINTABLE (print));
  g_set_object (&self->paper, MUSTER_PRINTABLE (print));
  muster_paper_view_set_page (self->view, self->paper, 0);
  gtk_widget_set_visible (GTK_WIDGET (self->view), TRUE);
  if (is_due (self))
    muster_station_label_print (self, FALSE);
  return dex_future_new_true ();
}

/* --- showing --- */

static void
show_state (MusterStationLabel *self)
{
  MusterUnitLabel label = get_label (self);
  const char     *word = _ (muster_enum_get_label (&muster_unit_label_enum, (int)label));
  const char     *error =
    self->unit != NULL ? muster_entity_get_string (self->unit, "label_error") : NULL;
  g_autofree char *why = error != NULL ? muster_format_sentence (error) : NULL;
  /* Translators: what became of a label: "Label: Printed". */
  g_autofree char *text = g_strdup_printf (_ ("Label: %s"), word);
  g_autofree char *whole = why != NULL ? g_strdup_printf ("%s\n%s", text, why) : g_strdup (text);

  gtk_label_set_label (self->state, whole);
  gtk_widget_set_visible (GTK_WIDGET (self->state), label != MUSTER_UNIT_LABEL_NONE);
  if (label == MUSTER_UNIT_LABEL_FAILED)
    gtk_widget_add_css_class (GTK_WIDGET (self->state), "error");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self->state), "error");
}

void
muster_station_label_show (MusterStationLabel *self, MusterSession *session, MusterEntity *unit)
{
  const char *device = NULL;

  g_return_if_fail (MUSTER_IS_STATION_LABEL (self));
  g_return_if_fail (MUSTER_IS_SESSION (session));

  g_set_object (&self->session, session);
  g_set_object (&self->unit, unit);
  show_state (self);
  gtk_widget_set_visible (GTK_WIDGET (self), unit != NULL);
  device = unit != NULL ? muster_entity_get_string (unit, "device_id") : NULL;
  if (!g_set_str (&self->device_id, device))
    return;
  g_clear_object (&self->paper);
  gtk_widget_set_visible (GTK_WIDGET (self->view), FALSE);
  if (device != NULL && (muster_session_may (session, "getDeviceLabel") || is_due (self)))
    dex_future_disown (
      dex_scheduler_spawn (NULL, 0, load_fiber, g_object_ref (self), g_object_unref));
}

/* --- life --- */

static void
muster_station_label_dispose (GObject *object)
{
  MusterStationLabel *self = MUSTER_STATION_LABEL (object);

  g_clear_pointer (&self->device_id, g_free);
  g_clear_pointer (&self->sent, g_free);
  g_clear_object (&self->unit);
  g_clear_object (&self->paper);
  G_OBJECT_CLASS (muster_station_label_parent_class)->dispose (object);
}

static void
muster_station_label_finalize (GObject *object)
{
  g_clear_object (&MUSTER_STATION_LABEL (object)->session);
  G_OBJECT_CLASS (muster_station_label_parent_class)->finalize (object);
}

static void
muster_station_label_class_init (MusterStationLabelClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = muster_station_label_dispose;
  G_OBJECT_CLASS (klass)->finalize = muster_station_label_finalize;
}

static void
muster_station_label_init (MusterStationLabel *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);

  self->view = MUSTER_PAPER_VIEW (muster_paper_view_new ());
  self->state = GTK_LABEL (gtk_label_new (NULL));
  gtk_widget_set_size_request (GTK_WIDGET (self->view), WIDTH, -1);
  gtk_widget_set_halign (GTK_WIDGET (self->view), GTK_ALIGN_CENTER);
  gtk_widget_set_visible (GTK_WIDGET (self->view), FALSE);
  gtk_label_set_wrap (self->state, TRUE);
  gtk_label_set_wrap_mode (self->state, PANGO_WRAP_WORD_CHAR);
  gtk_label_set_justify (self->state, GTK_JUSTIFY_CENTER);
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->view));
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->state));
  adw_bin_set_child (ADW_BIN (self), box);
  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
}
