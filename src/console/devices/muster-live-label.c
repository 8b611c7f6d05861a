/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-live-label"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "client/muster-api-json.h"
#include "muster-live-label.h"
#include "widgets/muster-format.h"

typedef struct
{
  char    *kind;   /* (owned) */
  char    *detail; /* (owned) (nullable) */
  gint64   at;     /* UTC microseconds by our clock */
  gboolean fresh;
} Proof;

struct _MusterLiveLabel
{
  GtkWidget parent_instance;

  GtkWidget *label;
  GArray    *proofs;    /* (owned) (element-type Proof) */
  unsigned   update_id; /* timeout, while mapped */
  gboolean   disconnected;
};

G_DEFINE_FINAL_TYPE (MusterLiveLabel, muster_live_label, GTK_TYPE_WIDGET)

static const struct
{
  const char *kind;
  const char *label;
} kinds[] = {
  { "mdns", N_ ("mDNS") }, { "mqtt", N_ ("MQTT") },     { "http", N_ ("HTTP") },
  { "tcp", N_ ("TCP") },   { "sample", N_ ("Sample") },
};

static const char *
get_kind_label (const char *kind)
{
  for (unsigned i = 0; i < G_N_ELEMENTS (kinds); i++)
    if (g_strcmp0 (kinds[i].kind, kind) == 0)
      return _ (kinds[i].label);
  return kind;
}

static void
proof_clear (gpointer data)
{
  Proof *proof = data;

  g_free (proof->kind);
  g_free (proof->detail);
}

/* An open session is a proof for as long as it is open, however long ago that began. */
static char *
format_proof (const Proof *proof, gint64 now)
{
  if (proof->fresh && g_strcmp0 (proof->kind, "mqtt") == 0)
    return g_strdup (_ ("connected"));
  return muster_format_age (proof->at, now);
}

static gboolean
has_fresh_proof (MusterLiveLabel *self)
{
  for (unsigned i = 0; i < self->proofs->len; i++)
    if (g_array_index (self->proofs, Proof, i).fresh)
      return TRUE;
  return FALSE;
}

/* What is fresh speaks for a device; where nothing is, every proof says how old it is. */
static void
muster_live_label_update (MusterLiveLabel *self)
{
  gboolean alive = has_fresh_proof (self);
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (GString) tooltip = g_string_new (NULL);
  gint64 now = g_get_real_time ();

  for (unsigned i = 0; i < self->proofs->len; i++)
    {
      const Proof     *proof = &g_array_index (self->proofs, Proof, i);
      g_autofree char *age = format_proof (proof, now);

      if (proof->fresh || !alive)
        g_string_append_printf (text, "%s%s %s", text->len > 0 ? " · " : "",
                                get_kind_label (proof->kind), age);
      g_string_append_printf (tooltip, "%s%s: %s, %s%s%s", tooltip->len > 0 ? "\n" : "",
                              get_kind_label (proof->kind), age,
                              proof->fresh ? _ ("counts") : _ ("too old to count"),
                              proof->detail != NULL ? ", " : "",
                              proof->detail != NULL ? proof->detail : "");
    }
  if (self->disconnected)
    g_string_assign (text, _ ("Not known: the connection to the site is lost"));
  else if (self->proofs->len == 0)
    g_string_assign (text, _ ("No proof of life yet"));
  else if (!alive)
    {
      g_autofree char *heard = g_strdup (text->str);

      /* Translators: %s is what was heard of the device and when: "MQTT 2 min ago · mDNS 3 min
       * ago". */
      g_string_printf (text, _ ("No fresh proof of life. Last: %s"), heard);
    }
  gtk_label_set_label (GTK_LABEL (self->label), text->str);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self), tooltip->len > 0 ? tooltip->str : NULL);
}

static gboolean
muster_live_label_update_cb (gpointer user_data)
{
  muster_live_label_update (user_data);
  return G_SOURCE_CONTINUE;
}

static void
muster_live_label_map (GtkWidget *widget)
{
  MusterLiveLabel *self = MUSTER_LIVE_LABEL (widget);

  GTK_WIDGET_CLASS (muster_live_label_parent_class)->map (widget);
  muster_live_label_update (self);
  self->update_id = g_timeout_add_seconds (1, muster_live_label_update_cb, self);
}

static void
muster_live_label_unmap (GtkWidget *widget)
{
  g_clear_handle_id (&MUSTER_LIVE_LABEL (widget)->update_id, g_source_remove);
  GTK_WIDGET_CLASS (muster_live_label_parent_class)->unmap (widget);
}

static void
muster_live_label_dispose (GObject *object)
{
  MusterLiveLabel *self = MUSTER_LIVE_LABEL (object);

  g_clear_handle_id (&self->update_id, g_source_remove);
  g_clear_pointer (&self->label, gtk_widget_unparent);
  G_OBJECT_CLASS (muster_live_label_parent_class)->dispose (object);
}

static void
muster_live_label_finalize (GObject *object)
{
  g_array_unref (MUSTER_LIVE_LABEL (object)->proofs);
  G_OBJECT_CLASS (muster_live_label_parent_class)->finalize (object);
}

static void
muster_live_label_class_init (MusterLiveLabelClass *klass)
{
  GObjectClass   *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = muster_live_label_dispose;
  object_class->finalize = muster_live_label_finalize;
  widget_class->map = muster_live_label_map;
  widget_class->unmap = muster_live_label_unmap;
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
}

static void
muster_live_label_init (MusterLiveLabel *self)
{
  self->proofs = g_array_new (FALSE, TRUE, sizeof (Proof));
  g_array_set_clear_func (self->proofs, proof_clear);
  self->label = g_object_new (GTK_TYPE_LABEL, "xalign", 0.0, "wrap", TRUE, NULL);
  gtk_widget_add_css_class (self->label, "numeric");
  gtk_widget_set_parent (self->label, GTK_WIDGET (self));
}

void
muster_live_label_set_live (MusterLiveLabel *self, JsonObject *live)
{
  JsonArray *proofs;
  gint64     now = g_get_real_time ();

  g_return_if_fail (MUSTER_IS_LIVE_LABEL (self));

  g_array_set_size (self->proofs, 0);
  proofs = live != NULL ? muster_api_json_get_array (live, "proofs") : NULL;
  for (unsigned i = 0; proofs != NULL && i < json_array_get_length (proofs); i++)
    {
      JsonObject *object = muster_api_json_as_object (json_array_get_element (proofs, i));
      Proof       proof;

      if (object == NULL)
        continue;
      proof.kind = g_strdup (muster_api_json_get_string (object, "kind"));
      proof.detail = g_strdup (muster_api_json_get_string (object, "detail"));
      /* By age rather than by time: the daemon's clock need not be ours. */
      proof.at = now - muster_api_json_get_integer (object, "age_ms", 0) * 1000;
      proof.fresh = muster_api_json_get_boolean (object, "fresh");
      g_array_append_val (self->proofs, proof);
    }
  muster_live_label_update (self);
}

void
muster_live_label_heard (MusterLiveLabel *self)
{
  g_return_if_fail (MUSTER_IS_LIVE_LABEL (self));

  for (unsigned i = 0; i < self->proofs->len; i++)
    {
      Proof *proof = &g_array_index (self->proofs, Proof, i);

      if (g_strcmp0 (proof->kind, "sample") != 0)
        continue;
      proof->at = g_get_real_time ();
      proof->fresh = TRUE;
    }
}

void
muster_live_label_set_connected (MusterLiveLabel *self, gboolean connected)
{
  g_return_if_fail (MUSTER_IS_LIVE_LABEL (self));

  self->disconnected = !connected;
  muster_live_label_update (self);
}
