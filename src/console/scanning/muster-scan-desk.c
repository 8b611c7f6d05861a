/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-scan-desk"

#include "config.h"

#include <adwaita.h>
#include <glib/gi18n-lib.h>

#include "client/muster-api-inventory.h"
#include "client/muster-api-json.h"
#include "muster-scan-desk.h"
#include "muster-scan.h"
#include "muster-scanner.h"
#include "muster-window.h"

#define MAX_SCANS 10
#define FLASH_MSEC 260
#define ECHO_MSEC 120 /* between the two beeps that say no */

struct _MusterScanDesk
{
  GObject parent_instance;

  MusterWindow  *window;  /* borrowed: it owns this */
  MusterSession *session; /* (owned) */
  MusterScanner *scanner; /* (owned) */
  GListStore    *scans;   /* (owned) */
  unsigned       flash_id, echo_id;
};

G_DEFINE_FINAL_TYPE (MusterScanDesk, muster_scan_desk, G_TYPE_OBJECT)

static gboolean
is_wanted (MusterScanDesk *self, const char *key)
{
  GSettings *settings = muster_session_get_settings (self->session);

  return settings == NULL || g_settings_get_boolean (settings, key);
}

/* --- seen and heard --- */

static gboolean
muster_scan_desk_echo_cb (gpointer user_data)
{
  MusterScanDesk *self = user_data;

  self->echo_id = 0;
  gdk_display_beep (gtk_widget_get_display (GTK_WIDGET (self->window)));
  return G_SOURCE_REMOVE;
}

static void
end_flash (MusterScanDesk *self)
{
  gtk_widget_remove_css_class (GTK_WIDGET (self->window), "scan-taken");
  gtk_widget_remove_css_class (GTK_WIDGET (self->window), "scan-refused");
}

static gboolean
muster_scan_desk_dark_cb (gpointer user_data)
{
  MusterScanDesk *self = user_data;

  self->flash_id = 0;
  end_flash (self);
  return G_SOURCE_REMOVE;
}

/* One beep and a flash for yes, two and another colour for no. */
static void
give_sign (MusterScanDesk *self, MusterScanOutcome outcome)
{
  gboolean taken = outcome == MUSTER_SCAN_TAKEN;

  if (outcome == MUSTER_SCAN_PENDING)
    return;
  if (is_wanted (self, "scan-sound"))
    {
      gdk_display_beep (gtk_widget_get_display (GTK_WIDGET (self->window)));
      g_clear_handle_id (&self->echo_id, g_source_remove);
      if (!taken)
        self->echo_id = g_timeout_add (ECHO_MSEC, muster_scan_desk_echo_cb, self);
    }
  if (is_wanted (self, "scan-flash"))
    {
      end_flash (self);
      gtk_widget_add_css_class (GTK_WIDGET (self->window), taken ? "scan-taken" : "scan-refused");
      g_clear_handle_id (&self->flash_id, g_source_remove);
      self->flash_id = g_timeout_add (FLASH_MSEC, muster_scan_desk_dark_cb, self);
    }
}

static void
settle (MusterScanDesk *self, MusterScan *scan, MusterScanOutcome outcome, const char *text)
{
  muster_scan_set (scan, outcome, text);
  give_sign (self, outcome);
}

/* A page tells what it made of a code that it took: the newest scan of it. */
static void
muster_scan_desk_report_cb (MusterScanDesk *self,
                            const char     *code,
                            gboolean        taken,
                            const char     *text)
{
  for (unsigned i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->scans)); i++)
    {
      g_autoptr (MusterScan) scan = g_list_model_get_item (G_LIST_MODEL (self->scans), i);

      if (g_strcmp0 (muster_scan_get_code (scan), code) != 0)
        continue;
      settle (self, scan, taken ? MUSTER_SCAN_TAKEN : MUSTER_SCAN_REFUSED, text);
      return;
    }
}

/* --- what it stands for --- */

typedef struct
{
  MusterScanDesk *desk;
  MusterScan     *scan;
} Asking;

static void
asking_free (gpointer data)
{
  Asking *asking = data;

  g_object_unref (asking->desk);
  g_object_unref (asking->scan);
  g_free (asking);
}

/* Nothing known: perhaps a part of a number, or a name. */
static void
offer_to_find (MusterScanDesk *self, MusterScan *scan, const char *why)
{
  g_autofree char *text = g_strdup_printf (_ ("%s is not known here"), muster_scan_get_code (scan));

  settle (self, scan, MUSTER_SCAN_REFUSED, why);
  muster_window_offer (self->window, text, _ ("_Find"), "win.find-text",
                       g_variant_new_string (muster_scan_get_code (scan)));
}

static DexFuture *
muster_scan_desk_ask_fiber (gpointer user_data)
{
  Asking         *asking = user_data;
  MusterScanDesk *self = asking->desk;
  const char     *code = muster_scan_get_code (asking->scan);
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonObject) answer =
              dex_await_boxed (muster_api_scan (muster_session_get_client (self->session), code),
                               &error);
  const char *kind, *id;

  if (self->window == NULL)
    return dex_future_new_true ();
  if (answer == NULL && !g_error_matches (error, MUSTER_ERROR, MUSTER_ERROR_NOT_FOUND))
    {
      settle (self, asking->scan, MUSTER_SCAN_REFUSED, error->message);
      muster_session_tell_error (self->session, code, error);
      return dex_future_new_true ();
    }
  kind = answer != NULL ? muster_api_json_get_string (answer, "kind") : NULL;
  id = answer != NULL ? muster_api_json_get_string (answer, "id") : NULL;
  if (g_strcmp0 (kind, "adoption") == 0)
    {
      /* The label of a device that has no record: what is on the network can be adopted. */
      settle (self, asking->scan, MUSTER_SCAN_TAKEN, _ ("Label of a device to adopt"));
      gtk_widget_activate_action (GTK_WIDGET (self->window), "win.room", "s", "discover");
    }
  else if (kind != NULL && id != NULL && muster_window_open (self->window, kind, id))
    settle (self, asking->scan, MUSTER_SCAN_TAKEN, muster_api_json_get_string (answer, "title"));
  else
    offer_to_find (self, asking->scan, _ ("Not known here"));
  return dex_future_new_true ();
}

static void
ask (MusterScanDesk *self, MusterScan *scan)
{
  Asking *asking = g_new0 (Asking, 1);

  asking->desk = g_object_ref (self);
  asking->scan = g_object_ref (scan);
  dex_future_disown (
    dex_scheduler_spawn (NULL, 0, muster_scan_desk_ask_fiber, asking, asking_free));
}

/* --- who gets it --- */

static MusterScan *
note_scan (MusterScanDesk *self, const char *code)
{
  MusterScan *scan = muster_scan_new (code);

  g_list_store_insert (self->scans, 0, scan);
  if (g_list_model_get_n_items (G_LIST_MODEL (self->scans)) > MAX_SCANS)
    g_list_store_remove (self->scans, MAX_SCANS);
  return scan;
}

/* Whoever has the focus, or the window itself, may want it; a secret then stands in no list. */
static gboolean
offer (MusterScanDesk *self, const char *code)
{
  GtkWidget *focus = gtk_window_get_focus (GTK_WINDOW (self->window));
  gboolean   secret = FALSE;
  g_autoptr (MusterScan) scan = NULL;

  if (!muster_scan_offer (focus != NULL ? focus : GTK_WIDGET (self->window), code, &secret))
    return FALSE;
  if (secret)
    {
      give_sign (self, MUSTER_SCAN_TAKEN);
      return TRUE;
    }
  scan = note_scan (self, code);
  settle (self, scan, MUSTER_SCAN_TAKEN, NULL);
  return TRUE;
}

void
muster_scan_desk_take (MusterScanDesk *self, const char *code)
{
  AdwDialog  *dialog;
  MusterPage *page;
  g_autoptr (MusterScan) scan = NULL;

  g_return_if_fail (MUSTER_IS_SCAN_DESK (self));
  g_return_if_fail (code != NULL);

  if (offer (self, code))
    return;
  dialog = adw_application_window_get_visible_dialog (ADW_APPLICATION_WINDOW (self->window));
  page = muster_window_get_page (self->window);
  scan = note_scan (self, code);
  if (dialog != NULL)
    {
      /* What it stands for would open behind the dialog, where nobody sees it. */
      settle (self, scan, MUSTER_SCAN_REFUSED, _ ("Scanned over a dialog that does not take it"));
      muster_session_tell (self->session, _ ("Close this first, then scan"));
    }
  else if (page == NULL || !muster_page_scan (page, code))
    ask (self, scan);
}

static void
muster_scan_desk_scanned_cb (MusterScanDesk *self, const char *code)
{
  muster_scan_desk_take (self, code);
}

static void
muster_scan_desk_dispose (GObject *object)
{
  MusterScanDesk *self = MUSTER_SCAN_DESK (object);

  g_clear_handle_id (&self->flash_id, g_source_remove);
  g_clear_handle_id (&self->echo_id, g_source_remove);
  g_clear_weak_pointer (&self->window);
  g_clear_object (&self->scanner);
  g_clear_object (&self->session);
  g_clear_object (&self->scans);
  G_OBJECT_CLASS (muster_scan_desk_parent_class)->dispose (object);
}

static void
muster_scan_desk_class_init (MusterScanDeskClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = muster_scan_desk_dispose;
}

static void
muster_scan_desk_init (MusterScanDesk *self)
{
  self->scans = g_list_store_new (MUSTER_TYPE_SCAN);
}

MusterScanDesk *
muster_scan_desk_new (GtkWidget *window, MusterSession *session)
{
  MusterScanDesk *self;

  g_return_val_if_fail (MUSTER_IS_WINDOW (window), NULL);
  g_return_val_if_fail (MUSTER_IS_SESSION (session), NULL);

  self = g_object_new (MUSTER_TYPE_SCAN_DESK, NULL);
  g_set_weak_pointer (&self->window, MUSTER_WINDOW (window));
  self->session = g_object_ref (session);
  self->scanner = muster_scanner_new (window, muster_session_get_settings (session));
  g_signal_connect_object (self->scanner, "scanned", G_CALLBACK (muster_scan_desk_scanned_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (session, "scan-report", G_CALLBACK (muster_scan_desk_report_cb), self,
                           G_CONNECT_SWAPPED);
  return self;
}

GListModel *
muster_scan_desk_get_scans (MusterScanDesk *self)
{
  g_return_val_if_fail (MUSTER_IS_SCAN_DESK (self), NULL);

  return G_LIST_MODEL (self->scans);
}
