/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-scanner"

#include "config.h"

#include <adwaita.h>

#include "muster-scanner.h"
#include "muster-wedge.h"

/* Keys that wait behind the timer come first: only when none is left has nothing come. */
#define PRIORITY_NOTHING_CAME (GDK_PRIORITY_EVENTS + 10)
#define KEY_WATCHED "muster-scanner"
#define SHORTCUT_MASK (GDK_CONTROL_MASK | GDK_ALT_MASK | GDK_SUPER_MASK | GDK_META_MASK)

struct _MusterScanner
{
  GObject parent_instance;

  GtkWidget   *window;   /* borrowed: it owns the controller, and outlives this */
  GSettings   *settings; /* (owned) (nullable) */
  MusterWedge *wedge;    /* (owned) */
  GQueue       held;     /* (element-type GdkEvent) (owned) */
  GQueue       handed;   /* (element-type GdkEvent) (owned) on their way to the window again */
  GdkEvent    *seen;     /* (owned) (nullable) the newest one: it may come by twice */
  unsigned     expire_id;
};

G_DEFINE_FINAL_TYPE (MusterScanner, muster_scanner, G_TYPE_OBJECT)

enum
{
  SCANNED,
  N_SIGNALS,
};

static unsigned signals[N_SIGNALS];

static void
clear_events (GQueue *events)
{
  g_queue_clear_full (events, (GDestroyNotify)gdk_event_unref);
}

/* Puts EVENT (taken) behind those that wait; when it comes round, it is let through. */
static void
hand_on (MusterScanner *self, GdkEvent *event)
{
  g_queue_push_tail (&self->handed, event);
  /* Deprecated as something that few need: these are the display's own events, only later. */
  G_GNUC_BEGIN_IGNORE_DEPRECATIONS
  gdk_display_put_event (gdk_event_get_display (event), event);
  G_GNUC_END_IGNORE_DEPRECATIONS
}

static void
hand_on_held (MusterScanner *self)
{
  GdkEvent *event;

  g_clear_handle_id (&self->expire_id, g_source_remove);
  while ((event = g_queue_pop_head (&self->held)) != NULL)
    hand_on (self, event);
}

static gboolean
muster_scanner_expire_cb (gpointer user_data)
{
  MusterScanner *self = user_data;

  self->expire_id = 0;
  if (muster_wedge_expire (self->wedge) == MUSTER_WEDGE_REPLAY)
    hand_on_held (self);
  return G_SOURCE_REMOVE;
}

static void
hold (MusterScanner *self, GdkEvent *event)
{
  g_queue_push_tail (&self->held, gdk_event_ref (event));
  g_clear_handle_id (&self->expire_id, g_source_remove);
  self->expire_id =
    g_timeout_add_full (PRIORITY_NOTHING_CAME, muster_wedge_get_gap (self->wedge) + 1,
                        muster_scanner_expire_cb, self, NULL);
}

static void
tell (MusterScanner *self)
{
  g_autofree char *code = g_strdup (muster_wedge_get_code (self->wedge));

  g_clear_handle_id (&self->expire_id, g_source_remove);
  clear_events (&self->held);
  g_signal_emit (self, signals[SCANNED], 0, code);
}

static gunichar
get_character (GdkEvent *event)
{
  unsigned keyval = gdk_key_event_get_keyval (event);

  if ((gdk_event_get_modifier_state (event) & SHORTCUT_MASK) != 0)
    return 0;
  switch (keyval)
    {
    case GDK_KEY_Return:
    case GDK_KEY_KP_Enter:
    case GDK_KEY_ISO_Enter:
      return '\r';
    case GDK_KEY_Tab:
    case GDK_KEY_KP_Tab:
      return '\t';
    default:
      {
        gunichar character = gdk_keyval_to_unicode (keyval);

        return g_unichar_isprint (character) ? character : 0;
      }
    }
}

static MusterWedgeAnswer
ask (MusterScanner *self, GdkEvent *event)
{
  unsigned keycode = gdk_key_event_get_keycode (event);

  if (gdk_event_get_event_type (event) == GDK_KEY_RELEASE)
    return muster_wedge_release (self->wedge, keycode);
  return muster_wedge_press (self->wedge, keycode, get_character (event),
                             gdk_event_get_time (event));
}

static gboolean
act (MusterScanner *self, GdkEvent *event, MusterWedgeAnswer answer)
{
  switch (answer)
    {
    case MUSTER_WEDGE_HOLD:
      hold (self, event);
      return GDK_EVENT_STOP;
    case MUSTER_WEDGE_RENEW:
      hand_on_held (self);
      hold (self, event);
      return GDK_EVENT_STOP;
    case MUSTER_WEDGE_SCAN:
      tell (self);
      return GDK_EVENT_STOP;
    case MUSTER_WEDGE_DROP:
      return GDK_EVENT_STOP;
    case MUSTER_WEDGE_REPLAY:
      hand_on_held (self);
      hand_on (self, gdk_event_ref (event));
      return GDK_EVENT_STOP;
    case MUSTER_WEDGE_PASS:
    default:
      /* It does not overtake those that were typed before it. */
      if (g_queue_is_empty (&self->handed))
        return GDK_EVENT_PROPAGATE;
      hand_on (self, gdk_event_ref (event));
      return GDK_EVENT_STOP;
    }
}

/* Referenced, so that no other can be taken for it. */
static void
note_seen (MusterScanner *self, GdkEvent *event)
{
  gdk_event_ref (event);
  g_clear_pointer (&self->seen, gdk_event_unref);
  self->seen = event;
}

static gboolean
muster_scanner_event_cb (MusterScanner *self, GdkEvent *event)
{
  GdkEventType type = gdk_event_get_event_type (event);

  if (type != GDK_KEY_PRESS && type != GDK_KEY_RELEASE)
    return GDK_EVENT_PROPAGATE;
  if (g_queue_peek_head (&self->handed) == event)
    {
      note_seen (self, event);
      gdk_event_unref (g_queue_pop_head (&self->handed));
      return GDK_EVENT_PROPAGATE;
    }
  if (event == self->seen)
    return GDK_EVENT_PROPAGATE;
  note_seen (self, event);
  if (gdk_key_event_is_modifier (event))
    return GDK_EVENT_PROPAGATE;
  return act (self, event, ask (self, event));
}

/* Hears what goes through WIDGET. */
static void
watch (MusterScanner *self, GtkWidget *widget)
{
  GtkEventController *controller;

  if (g_object_get_data (G_OBJECT (widget), KEY_WATCHED) != NULL)
    return;
  g_object_set_data (G_OBJECT (widget), KEY_WATCHED, self);
  /* Whole events, since a key that is kept back has to be kept as it came. */
  controller = gtk_event_controller_legacy_new ();
  gtk_event_controller_set_propagation_phase (controller, GTK_PHASE_CAPTURE);
  g_signal_connect_object (controller, "event", G_CALLBACK (muster_scanner_event_cb), self,
                           G_CONNECT_SWAPPED);
  gtk_widget_add_controller (widget, controller);
}

/* What is typed into a dialog does not go through its window. */
static void
muster_scanner_dialog_cb (MusterScanner *self)
{
  AdwDialog *dialog =
    adw_application_window_get_visible_dialog (ADW_APPLICATION_WINDOW (self->window));

  if (dialog != NULL)
    watch (self, GTK_WIDGET (dialog));
}

/* With the keyboard elsewhere, what was handed on may never come round. */
static void
muster_scanner_active_cb (MusterScanner *self)
{
  if (gtk_window_is_active (GTK_WINDOW (self->window)))
    return;
  muster_wedge_reset (self->wedge);
  hand_on_held (self);
}

static void
muster_scanner_settings_cb (MusterScanner *self)
{
  MusterWedgeOptions options = MUSTER_WEDGE_DEFAULTS;
  g_autofree char   *prefix = NULL, *suffix = NULL;

  if (self->settings != NULL)
    {
      prefix = g_settings_get_string (self->settings, "scan-prefix");
      suffix = g_settings_get_string (self->settings, "scan-suffix");
      options.gap = g_settings_get_int (self->settings, "scan-gap");
      options.prefix = prefix;
      options.suffix = suffix;
    }
  hand_on_held (self);
  g_clear_pointer (&self->wedge, muster_wedge_free);
  self->wedge = muster_wedge_new (&options);
}

static void
muster_scanner_dispose (GObject *object)
{
  MusterScanner *self = MUSTER_SCANNER (object);

  g_clear_handle_id (&self->expire_id, g_source_remove);
  clear_events (&self->held);
  clear_events (&self->handed);
  g_clear_pointer (&self->seen, gdk_event_unref);
  g_clear_object (&self->settings);
  G_OBJECT_CLASS (muster_scanner_parent_class)->dispose (object);
}

static void
muster_scanner_finalize (GObject *object)
{
  muster_wedge_free (MUSTER_SCANNER (object)->wedge);
  G_OBJECT_CLASS (muster_scanner_parent_class)->finalize (object);
}

static void
muster_scanner_class_init (MusterScannerClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = muster_scanner_dispose;
  object_class->finalize = muster_scanner_finalize;
  signals[SCANNED] = g_signal_new ("scanned", MUSTER_TYPE_SCANNER, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                   NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
}

static void
muster_scanner_init (MusterScanner *self)
{
}

MusterScanner *
muster_scanner_new (GtkWidget *window, GSettings *settings)
{
  static const char *const keys[] = { "scan-gap", "scan-prefix", "scan-suffix" };
  MusterScanner           *self;

  g_return_val_if_fail (GTK_IS_WINDOW (window), NULL);

  self = g_object_new (MUSTER_TYPE_SCANNER, NULL);
  self->window = window;
  g_set_object (&self->settings, settings);
  muster_scanner_settings_cb (self);
  for (unsigned i = 0; settings != NULL && i < G_N_ELEMENTS (keys); i++)
    {
      g_autofree char *signal = g_strconcat ("changed::", keys[i], NULL);

      g_signal_connect_object (settings, signal, G_CALLBACK (muster_scanner_settings_cb), self,
                               G_CONNECT_SWAPPED);
    }
  watch (self, window);
  if (ADW_IS_APPLICATION_WINDOW (window))
    g_signal_connect_object (window, "notify::visible-dialog",
                             G_CALLBACK (muster_scanner_dialog_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (window, "notify::is-active", G_CALLBACK (muster_scanner_active_cb), self,
                           G_CONNECT_SWAPPED);
  return self;
}
