/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-thumbnail"

#include "config.h"

#include "client/muster-api-attachments.h"
#include "client/muster-fiber.h"
#include "muster-references.h"
#include "muster-thumbnail.h"

/* Pixels: twice the greatest that is shown, for screens of high density. */
#define KEPT_SIZE 192
/* Some 30 MB at the most. */
#define MAX_KEPT 200
#define KEY "muster-thumbnails"

struct _MusterThumbnail
{
  AdwBin parent_instance;

  MusterSession *session; /* (owned) (nullable) */
  char          *id;      /* (owned) (nullable) of the attachment */
  char          *icon;    /* (owned) (nullable) icon name */
  int            size;    /* of a picture, pixels */
  DexFuture     *drawing; /* (owned) (nullable) */
  GSignalGroup  *names;   /* (owned) */
  GtkImage      *image;
};

G_DEFINE_FINAL_TYPE (MusterThumbnail, muster_thumbnail, ADW_TYPE_BIN)

/* --- pictures of a session --- */

/* Bytes into a small texture; large ones take their time. */
static DexFuture *
decode_fiber (gpointer bytes)
{
  g_autoptr (GInputStream) stream = g_memory_input_stream_new_from_bytes (bytes);
  g_autoptr (GError) error = NULL;
  g_autoptr (GdkPixbuf) pixbuf = gdk_pixbuf_new_from_stream_at_scale (stream, KEPT_SIZE, KEPT_SIZE,
                                                                     TRUE, NULL, &error);
  g_autoptr (GBytes) pixels = NULL;

  if (pixbuf == NULL)
    return dex_future_new_for_error (g_steal_pointer (&error));
  pixels = gdk_pixbuf_read_pixel_bytes (pixbuf);
  return dex_future_new_take_object (
    gdk_memory_texture_new (gdk_pixbuf_get_width (pixbuf), gdk_pixbuf_get_height (pixbuf),
                            gdk_pixbuf_get_has_alpha (pixbuf) ? GDK_MEMORY_R8G8B8A8
                                                              : GDK_MEMORY_R8G8B8,
                            pixels, gdk_pixbuf_get_rowstride (pixbuf)));
}

static DexFuture *
muster_thumbnail_decode_cb (DexFuture *future, gpointer user_data)
{
  GBytes *bytes = g_value_get_boxed (dex_future_get_value (future, NULL));

  return muster_fiber_spawn_in_pool (decode_fiber, g_bytes_ref (bytes),
                                     (GDestroyNotify)g_bytes_unref);
}

static GHashTable *
get_pictures (MusterSession *session)
{
  GHashTable *pictures = g_object_get_data (G_OBJECT (session), KEY);

  if (pictures == NULL)
    {
      pictures = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, dex_unref);
      g_object_set_data_full (G_OBJECT (session), KEY, pictures,
                              (GDestroyNotify)g_hash_table_unref);
    }
  return pictures;
}

/* The picture of ATTACHMENT: a future of a GdkTexture, borrowed. */
static DexFuture *
ask (MusterSession *session, MusterEntity *attachment)
{
  GHashTable *pictures = get_pictures (session);
  const char *hash = muster_entity_get_string (attachment, "sha256");
  DexFuture  *picture = g_hash_table_lookup (pictures, hash);

  if (picture != NULL && dex_future_get_status (picture) != DEX_FUTURE_STATUS_REJECTED)
    return picture;
  if (g_hash_table_size (pictures) >= MAX_KEPT)
    g_hash_table_remove_all (pictures);
  picture =
    dex_future_then (muster_api_attachments_get_content (muster_session_get_client (session),
                                                         muster_entity_get_id (attachment)),
                     muster_thumbnail_decode_cb, NULL, NULL);
  g_hash_table_replace (pictures, g_strdup (hash), picture);
  return picture;
}

/* --- one of them --- */

static void
show_icon (MusterThumbnail *self)
{
  gtk_image_set_from_icon_name (self->image, self->icon);
  gtk_image_set_pixel_size (self->image, -1);
}

static void
show_picture (MusterThumbnail *self, DexFuture *picture)
{
  const GValue *value = dex_future_get_value (picture, NULL);

  if (value == NULL)
    {
      show_icon (self);
      return;
    }
  gtk_image_set_pixel_size (self->image, self->size);
  gtk_image_set_from_paintable (self->image, GDK_PAINTABLE (g_value_get_object (value)));
}

static DexFuture *
muster_thumbnail_drawn_cb (DexFuture *future, gpointer user_data)
{
  show_picture (user_data, future);
  return dex_future_new_true ();
}

static void
muster_thumbnail_update (MusterThumbnail *self)
{
  MusterEntity *attachment = NULL;
  const char   *media_type = NULL;
  DexFuture    *picture = NULL;

  dex_clear (&self->drawing);
  if (self->session != NULL && self->id != NULL)
    attachment =
      muster_references_lookup (muster_references_get (self->session), "attachment", self->id);
  media_type = attachment != NULL ? muster_entity_get_string (attachment, "media_type") : NULL;
  if (media_type == NULL || !g_str_has_prefix (media_type, "image/"))
    {
      show_icon (self);
      return;
    }
  picture = ask (self->session, attachment);
  if (dex_future_get_status (picture) == DEX_FUTURE_STATUS_RESOLVED)
    {
      show_picture (self, picture);
      return;
    }
  show_icon (self);
  self->drawing = dex_future_finally (dex_ref (picture), muster_thumbnail_drawn_cb, self, NULL);
}

/* --- life --- */

static void
muster_thumbnail_dispose (GObject *object)
{
  MusterThumbnail *self = MUSTER_THUMBNAIL (object);

  dex_clear (&self->drawing);
  g_clear_object (&self->names);
  g_clear_object (&self->session);
  G_OBJECT_CLASS (muster_thumbnail_parent_class)->dispose (object);
}

static void
muster_thumbnail_finalize (GObject *object)
{
  MusterThumbnail *self = MUSTER_THUMBNAIL (object);

  g_free (self->id);
  g_free (self->icon);
  G_OBJECT_CLASS (muster_thumbnail_parent_class)->finalize (object);
}

static void
muster_thumbnail_class_init (MusterThumbnailClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = muster_thumbnail_dispose;
  G_OBJECT_CLASS (klass)->finalize = muster_thumbnail_finalize;
}

static void
muster_thumbnail_init (MusterThumbnail *self)
{
  self->image = GTK_IMAGE (gtk_image_new ());
  gtk_widget_set_overflow (GTK_WIDGET (self), GTK_OVERFLOW_HIDDEN);
  gtk_widget_add_css_class (GTK_WIDGET (self), "thumbnail");
  gtk_widget_set_valign (GTK_WIDGET (self), GTK_ALIGN_CENTER);
  adw_bin_set_child (ADW_BIN (self), GTK_WIDGET (self->image));
  self->names = g_signal_group_new (MUSTER_TYPE_REFERENCES);
  g_signal_group_connect_object (self->names, "changed", G_CALLBACK (muster_thumbnail_update), self,
                                 G_CONNECT_SWAPPED);
}

GtkWidget *
muster_thumbnail_new (int size)
{
  MusterThumbnail *self = g_object_new (MUSTER_TYPE_THUMBNAIL, NULL);

  self->size = size;
  gtk_widget_set_size_request (GTK_WIDGET (self), size, size);
  return GTK_WIDGET (self);
}

void
muster_thumbnail_set (MusterThumbnail *self,
                      MusterSession   *session,
                      const char      *id,
                      const char      *icon_name)
{
  g_return_if_fail (MUSTER_IS_THUMBNAIL (self));
  g_return_if_fail (MUSTER_IS_SESSION (session));

  g_set_object (&self->session, session);
  g_set_str (&self->id, id);
  g_set_str (&self->icon, icon_name);
  g_signal_group_set_target (self->names, id != NULL ? muster_references_get (session) : NULL);
  muster_thumbnail_update (self);
}
