/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-page"

#include "config.h"

#include "muster-hindsight.h"
#include "muster-page.h"

typedef struct
{
  MusterSession *session; /* (owned) */
  GPtrArray     *running; /* (owned) (element-type Run): borrowed from their fibers */
  gboolean       disposed;
} MusterPagePrivate;

typedef struct
{
  MusterPage  *page; /* (owned) */
  DexFiberFunc fiber;
  gboolean     again;
} Run;

G_DEFINE_ABSTRACT_TYPE_WITH_PRIVATE (MusterPage, muster_page, ADW_TYPE_NAVIGATION_PAGE)

typedef enum
{
  PROP_SESSION = 1,
} MusterPageProperty;

static GParamSpec *properties[PROP_SESSION + 1];

static MusterPagePrivate *
priv (MusterPage *self)
{
  return muster_page_get_instance_private (self);
}

static void
muster_page_rights_cb (MusterPage *self)
{
  if (MUSTER_PAGE_GET_CLASS (self)->rights_changed != NULL)
    MUSTER_PAGE_GET_CLASS (self)->rights_changed (self);
}

static void
muster_page_moment_cb (GtkWidget *widget)
{
  MusterPage *self = MUSTER_PAGE (widget);

  if (MUSTER_PAGE_GET_CLASS (self)->moment_changed != NULL)
    MUSTER_PAGE_GET_CLASS (self)->moment_changed (self);
  else if (!MUSTER_PAGE_GET_CLASS (self)->has_no_past)
    muster_page_refresh (self);
}

static void
muster_page_constructed (GObject *object)
{
  MusterSession *session = priv (MUSTER_PAGE (object))->session;

  G_OBJECT_CLASS (muster_page_parent_class)->constructed (object);
  if (session == NULL)
    return;
  g_signal_connect_object (session, "notify::rights", G_CALLBACK (muster_page_rights_cb), object,
                           G_CONNECT_SWAPPED);
  muster_hindsight_follow (GTK_WIDGET (object), session, muster_page_moment_cb);
}

static void
muster_page_dispose (GObject *object)
{
  MusterPage *self = MUSTER_PAGE (object);

  priv (self)->disposed = TRUE;
  g_clear_object (&priv (self)->session);
  G_OBJECT_CLASS (muster_page_parent_class)->dispose (object);
}

static void
muster_page_finalize (GObject *object)
{
  g_ptr_array_unref (priv (MUSTER_PAGE (object))->running);
  G_OBJECT_CLASS (muster_page_parent_class)->finalize (object);
}

static void
muster_page_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  switch ((MusterPageProperty)prop_id)
    {
    case PROP_SESSION:
      g_value_set_object (value, priv (MUSTER_PAGE (object))->session);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
muster_page_set_property (GObject *object, guint prop_id, const GValue *value, GParamSpec *pspec)
{
  switch ((MusterPageProperty)prop_id)
    {
    case PROP_SESSION:
      priv (MUSTER_PAGE (object))->session = g_value_dup_object (value);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
muster_page_class_init (MusterPageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->constructed = muster_page_constructed;
  object_class->dispose = muster_page_dispose;
  object_class->finalize = muster_page_finalize;
  object_class->get_property = muster_page_get_property;
  object_class->set_property = muster_page_set_property;
  properties[PROP_SESSION] =
    g_param_spec_object ("session", NULL, NULL, MUSTER_TYPE_SESSION,
                         G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, G_N_ELEMENTS (properties), properties);
}

static void
muster_page_init (MusterPage *self)
{
  priv (self)->running = g_ptr_array_new ();
}

MusterSession *
muster_page_get_session (MusterPage *self)
{
  g_return_val_if_fail (MUSTER_IS_PAGE (self), NULL);

  return priv (self)->session;
}

MusterApiClient *
muster_page_get_client (MusterPage *self)
{
  g_return_val_if_fail (MUSTER_IS_PAGE (self), NULL);

  return muster_session_get_client (priv (self)->session);
}

gboolean
muster_page_can_refresh (MusterPage *self)
{
  g_return_val_if_fail (MUSTER_IS_PAGE (self), FALSE);

  return MUSTER_PAGE_GET_CLASS (self)->refresh != NULL;
}

void
muster_page_refresh (MusterPage *self)
{
  g_return_if_fail (MUSTER_IS_PAGE (self));

  if (MUSTER_PAGE_GET_CLASS (self)->refresh != NULL)
    MUSTER_PAGE_GET_CLASS (self)->refresh (self);
}

gboolean
muster_page_has_past (MusterPage *self)
{
  g_return_val_if_fail (MUSTER_IS_PAGE (self), FALSE);

  return !MUSTER_PAGE_GET_CLASS (self)->has_no_past;
}

gboolean
muster_page_can_search (MusterPage *self)
{
  g_return_val_if_fail (MUSTER_IS_PAGE (self), FALSE);

  return MUSTER_PAGE_GET_CLASS (self)->search != NULL;
}

void
muster_page_search (MusterPage *self)
{
  g_return_if_fail (MUSTER_IS_PAGE (self));

  if (MUSTER_PAGE_GET_CLASS (self)->search != NULL)
    MUSTER_PAGE_GET_CLASS (self)->search (self);
}

void
muster_page_list (MusterPage *self, const char *const *filters)
{
  g_return_if_fail (MUSTER_IS_PAGE (self));
  g_return_if_fail (filters != NULL);

  if (MUSTER_PAGE_GET_CLASS (self)->list != NULL)
    MUSTER_PAGE_GET_CLASS (self)->list (self, filters);
}

gboolean
muster_page_may (MusterPage *self, const char *operation)
{
  g_return_val_if_fail (MUSTER_IS_PAGE (self), FALSE);

  return priv (self)->session != NULL && muster_session_may (priv (self)->session, operation);
}

gboolean
muster_page_scan (MusterPage *self, const char *code)
{
  g_return_val_if_fail (MUSTER_IS_PAGE (self), FALSE);
  g_return_val_if_fail (code != NULL, FALSE);

  return MUSTER_PAGE_GET_CLASS (self)->scan != NULL &&
         MUSTER_PAGE_GET_CLASS (self)->scan (self, code);
}

void
muster_page_push (MusterPage *self, MusterPage *page)
{
  GtkWidget *view;

  g_return_if_fail (MUSTER_IS_PAGE (self));
  g_return_if_fail (MUSTER_IS_PAGE (page));

  view = gtk_widget_get_ancestor (GTK_WIDGET (self), ADW_TYPE_NAVIGATION_VIEW);
  g_return_if_fail (view != NULL);
  adw_navigation_view_push (ADW_NAVIGATION_VIEW (view), ADW_NAVIGATION_PAGE (page));
}

gboolean
muster_page_is_alive (MusterPage *self)
{
  g_return_val_if_fail (MUSTER_IS_PAGE (self), FALSE);

  return !priv (self)->disposed;
}

gboolean
muster_page_is_shown (MusterPage *self)
{
  g_return_val_if_fail (MUSTER_IS_PAGE (self), FALSE);

  return !priv (self)->disposed && gtk_widget_get_root (GTK_WIDGET (self)) != NULL;
}

gboolean
muster_page_tell_missed (MusterPage *self, const GError *error)
{
  g_return_val_if_fail (MUSTER_IS_PAGE (self), FALSE);
  g_return_val_if_fail (error != NULL, FALSE);

  if (priv (self)->session == NULL || muster_page_is_shown (self))
    return FALSE;
  muster_session_tell_error (priv (self)->session,
                             adw_navigation_page_get_title (ADW_NAVIGATION_PAGE (self)), error);
  return TRUE;
}

void
muster_page_leave (MusterPage *self)
{
  GtkWidget *view;

  g_return_if_fail (MUSTER_IS_PAGE (self));

  view = gtk_widget_get_ancestor (GTK_WIDGET (self), ADW_TYPE_NAVIGATION_VIEW);
  if (view != NULL && adw_navigation_view_get_visible_page (ADW_NAVIGATION_VIEW (view)) ==
                        ADW_NAVIGATION_PAGE (self))
    adw_navigation_view_pop (ADW_NAVIGATION_VIEW (view));
}

static void
run_free (gpointer data)
{
  Run *run = data;

  g_ptr_array_remove (priv (run->page)->running, run);
  g_object_unref (run->page);
  g_free (run);
}

static DexFuture *
muster_page_run_fiber (gpointer user_data)
{
  Run *run = user_data;

  do
    {
      run->again = FALSE;
      dex_unref (run->fiber (run->page));
    }
  while (run->again && muster_page_is_alive (run->page));
  return dex_future_new_true ();
}

void
muster_page_run (MusterPage *self, DexFiberFunc fiber)
{
  GPtrArray *running;
  Run       *run;

  g_return_if_fail (MUSTER_IS_PAGE (self));

  running = priv (self)->running;
  for (unsigned i = 0; i < running->len; i++)
    {
      run = running->pdata[i];
      if (run->fiber != fiber)
        continue;
      run->again = TRUE;
      return;
    }
  run = g_new0 (Run, 1);
  run->page = g_object_ref (self);
  run->fiber = fiber;
  g_ptr_array_add (running, run);
  dex_future_disown (dex_scheduler_spawn (NULL, 0, muster_page_run_fiber, run, run_free));
}
