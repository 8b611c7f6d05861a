/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-key-asks"

#include "config.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "client/muster-api-signing.h"
#include "client/muster-fiber.h"
#include "muster-doing.h"
#include "muster-firmware-doing.h"
#include "muster-key-asks.h"
#include "widgets/muster-ask.h"
#include "widgets/muster-open-file.h"

#define MAX_ROWS 5
#define KEY "muster-key-kind"

/* A question about one key, or about none yet. */
typedef struct _Question Question;

struct _Question
{
  MusterSession *session; /* (owned) */
  GtkWidget     *parent;  /* (owned) */
  MusterEntity  *key;     /* (owned) (nullable) */
  char          *text;    /* (owned) (nullable): of a file that was chosen */
  const char    *title;   /* (nullable): under which a file is chosen */
  /* Goes on with a SELF (taken) that has its text; NAME of the file. */
  void (*then) (Question *self, const char *name);
};

/* What is typed into a row. */
typedef enum
{
  TEXT,
  OPTIONAL,
  SECRET,
  AGAIN, /* what the row before has: a passphrase that was mistyped is lost for ever */
  TOKEN, /* optional; a PIN that was mistyped is found at once, and wanted once */
} Kind;

typedef struct
{
  const char *title; /* N_() */
  Kind        kind;
} Row;

static Question *
question_new (MusterSession *session, GtkWidget *parent, MusterEntity *key)
{
  Question *self = g_new0 (Question, 1);

  self->session = g_object_ref (session);
  self->parent = g_object_ref (parent);
  g_set_object (&self->key, key);
  return self;
}

static void
question_free (gpointer data)
{
  Question *self = data;

  g_object_unref (self->session);
  g_object_unref (self->parent);
  g_clear_object (&self->key);
  if (self->text != NULL)
    explicit_bzero (self->text, strlen (self->text));
  g_free (self->text);
  g_free (self);
}

static MusterApiClient *
client_of (Question *self)
{
  return muster_session_get_client (self->session);
}

static const char *
get_text (GtkWidget *row)
{
  return gtk_editable_get_text (GTK_EDITABLE (row));
}

static Kind
get_kind (GtkWidget *row)
{
  return GPOINTER_TO_INT (g_object_get_data (G_OBJECT (row), KEY));
}

static GtkWidget *
create_row (const Row *row, const char *text)
{
  gboolean   is_secret = row->kind == SECRET || row->kind == AGAIN;
  GtkWidget *widget = g_object_new (is_secret ? ADW_TYPE_PASSWORD_ENTRY_ROW : ADW_TYPE_ENTRY_ROW,
                                    "title", _ (row->title), "text", text, NULL);

  g_object_set_data (G_OBJECT (widget), KEY, GINT_TO_POINTER (row->kind));
  return widget;
}

/* Whether ROW repeats BEFORE; it shows where it does not. */
static gboolean
check_again (GtkWidget *before, GtkWidget *row)
{
  gboolean same = g_str_equal (get_text (before), get_text (row));

  if (same || *get_text (row) == '\0')
    gtk_widget_remove_css_class (row, "error");
  else
    gtk_widget_add_css_class (row, "error");
  return same;
}

static void
muster_key_typed_cb (AdwDialog *dialog)
{
  GtkWidget *const *rows = g_object_get_data (G_OBJECT (dialog), KEY);
  gboolean          ready = TRUE, in_token = FALSE;

  for (unsigned i = 0; rows[i] != NULL; i++)
    in_token |= get_kind (rows[i]) == TOKEN && *get_text (rows[i]) != '\0';
  for (unsigned i = 0; rows[i] != NULL; i++)
    {
      Kind kind = get_kind (rows[i]);

      if (kind == TEXT || kind == SECRET)
        ready = ready && *get_text (rows[i]) != '\0';
      else if (kind == AGAIN)
        ready = check_again (rows[i - 1], rows[i]) ? ready : ready && in_token;
    }
  muster_ask_set_ready (dialog, ready);
}

/* Asks SELF (taken); ROWS: up to one without a title, TEXT in the first. (transfer none). */
static AdwDialog *
ask (Question     *self,
     const char   *heading,
     const char   *body,
     const Row    *rows,
     const char   *text,
     const char   *verb,
     MusterAskFunc yes)
{
  GtkWidget **widgets = g_new0 (GtkWidget *, MAX_ROWS + 1);
  AdwDialog  *dialog;

  for (unsigned i = 0; i < MAX_ROWS && rows[i].title != NULL; i++)
    widgets[i] = create_row (&rows[i], i == 0 ? text : "");
  dialog = muster_ask (self->parent, heading, body, widgets, verb, yes, self, question_free);
  g_object_set_data_full (G_OBJECT (dialog), KEY, widgets, g_free);
  for (unsigned i = 0; widgets[i] != NULL; i++)
    g_signal_connect_object (widgets[i], "changed", G_CALLBACK (muster_key_typed_cb), dialog,
                             G_CONNECT_SWAPPED);
  muster_key_typed_cb (dialog);
  return dialog;
}

/* --- of a file --- */

static DexFuture *
muster_key_choose_fiber (gpointer user_data)
{
  Question *self = user_data;
  g_autoptr (GtkFileDialog) chooser = gtk_file_dialog_new ();
  g_autoptr (GFile) file = NULL;
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *name = NULL;
  Question        *question = NULL;

  gtk_file_dialog_set_title (chooser, self->title);
  file = dex_await_object (muster_open_file (chooser, self->parent), NULL);
  bytes = file != NULL ? dex_await_boxed (dex_file_load_contents_bytes (file), &error) : NULL;
  if (error != NULL)
    muster_session_tell_error (self->session, _ ("The file cannot be read"), error);
  if (bytes == NULL || gtk_widget_get_root (self->parent) == NULL)
    return dex_future_new_true ();
  name = g_file_get_basename (file);
  question = question_new (self->session, self->parent, NULL);
  question->text = g_utf8_make_valid (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
  self->then (question, name);
  return dex_future_new_true ();
}

/* Has a file be chosen under TITLE, then goes on. */
static void
choose (MusterSession *session,
        GtkWidget     *parent,
        const char    *title,
        void (*then) (Question *self, const char *name))
{
  Question *question = question_new (session, parent, NULL);

  question->title = title;
  question->then = then;
  dex_future_disown (
    muster_fiber_spawn (NULL, 0, muster_key_choose_fiber, question, question_free));
}

/* --- new ones --- */

static void
muster_key_create_cb (GtkWidget *const *rows, gpointer user_data)
{
  Question *self = user_data;

  muster_firmware_tell (self->session,
                        muster_api_signing_keys_create (client_of (self), get_text (rows[0]),
                                                        get_text (rows[1]), NULL),
                        g_strdup_printf (_ ("Key “%s” is made"), get_text (rows[0])),
                        _ ("The key was not made"));
}

void
muster_key_ask_create (MusterSession *session, GtkWidget *parent)
{
  static const Row rows[] = {
    { N_ ("Name"), TEXT },
    { N_ ("Passphrase"), SECRET },
    { N_ ("Passphrase again"), AGAIN },
    { NULL },
  };

  ask (question_new (session, parent, NULL), _ ("Make a Key"),
       _ ("Its secret half stays here, sealed by the passphrase, which is asked for at each "
          "signature. Nobody can find it again: write it down. Devices must know the public half "
          "before they take what it signs."),
       rows, "", _ ("_Make"), muster_key_create_cb);
}

static void
muster_key_take_over_cb (GtkWidget *const *rows, gpointer user_data)
{
  Question   *self = user_data;
  const char *secret = self->text != NULL ? self->text : get_text (rows[1]);
  const char *passphrase = get_text (rows[self->text != NULL ? 1 : 2]);

  muster_firmware_tell (self->session,
                        muster_api_signing_keys_create (client_of (self), get_text (rows[0]),
                                                        passphrase, secret),
                        g_strdup_printf (_ ("Key “%s” is taken over"), get_text (rows[0])),
                        _ ("The key was not taken over"));
}

void
muster_key_ask_take_over (MusterSession *session, GtkWidget *parent)
{
  static const Row rows[] = {
    { N_ ("Name"), TEXT },
    { N_ ("Secret key, 64 hexadecimal digits"), SECRET },
    { N_ ("Passphrase"), SECRET },
    { N_ ("Passphrase again"), AGAIN },
    { NULL },
  };

  ask (question_new (session, parent, NULL), _ ("Take a Key Over"),
       _ ("For a key that was made elsewhere and is to sign here. It is sealed by the passphrase; "
          "delete the file that it came from."),
       rows, "", _ ("_Take Over"), muster_key_take_over_cb);
}

static void
ask_take_over_file (Question *self, const char *name)
{
  static const Row rows[] = {
    { N_ ("Name"), TEXT },
    { N_ ("Passphrase"), SECRET },
    { N_ ("Passphrase again"), AGAIN },
    { NULL },
  };

  g_strstrip (self->text);
  ask (self, _ ("Take a Key Over from a File"),
       _ ("For a key of Ed25519 that was made elsewhere and is to sign here: a file of "
          "muster-image, or PEM without a passphrase. It is sealed by the passphrase that you give "
          "it now; delete the file then."),
       rows, name, _ ("_Take Over"), muster_key_take_over_cb);
}

void
muster_key_ask_take_over_file (MusterSession *session, GtkWidget *parent)
{
  choose (session, parent, _ ("Secret Key"), ask_take_over_file);
}

static void
muster_key_trust_cb (GtkWidget *const *rows, gpointer user_data)
{
  Question   *self = user_data;
  const char *name = get_text (rows[0]);

  muster_firmware_tell (
    self->session,
    self->text != NULL
      ? muster_api_signing_keys_trust_certificate (client_of (self), name, self->text)
      : muster_api_signing_keys_trust (client_of (self), name, get_text (rows[1])),
    g_strdup_printf (_ ("What “%s” signs counts here now"), name),
    self->text != NULL ? _ ("The certificate is not trusted") : _ ("The key is not trusted"));
}

void
muster_key_ask_trust (MusterSession *session, GtkWidget *parent)
{
  static const Row rows[] = {
    { N_ ("Name"), TEXT },
    { N_ ("Public key, 64 hexadecimal digits"), TEXT },
    { NULL },
  };

  ask (question_new (session, parent, NULL), _ ("Trust a Key"),
       _ ("For a key that signs elsewhere, at the maker of a device for instance. Firmware that it "
          "signed then counts as signed. It cannot sign here."),
       rows, "", _ ("_Trust"), muster_key_trust_cb);
}

static void
ask_trust_certificate (Question *self, const char *name)
{
  static const Row rows[] = { { N_ ("Name"), TEXT }, { NULL } };

  ask (self, _ ("Trust a Certificate"),
       _ ("For who signs updates of SWUpdate or bundles of RAUC, or for the authority that gave "
          "them their certificate. Files that were signed so count as signed from now on; those "
          "that are here already are checked again one after another."),
       rows, name, _ ("_Trust"), muster_key_trust_cb);
}

void
muster_key_ask_trust_certificate (MusterSession *session, GtkWidget *parent)
{
  choose (session, parent, _ ("Certificate"), ask_trust_certificate);
}

/* --- of a token --- */

static void
muster_key_add_token_cb (GtkWidget *const *rows, gpointer user_data)
{
  Question *self = user_data;

  muster_firmware_tell (self->session,
                        muster_api_signing_keys_add_token (client_of (self), get_text (rows[0]),
                                                           get_text (rows[1]), get_text (rows[2])),
                        g_strdup_printf (_ ("Key “%s” of the token is added"), get_text (rows[0])),
                        _ ("The key was not added"));
}

void
muster_key_ask_add_token (MusterSession *session, GtkWidget *parent)
{
  static const Row rows[] = {
    { N_ ("Name"), TEXT },
    { N_ ("Address of the key, pkcs11:token=…;object=…"), TEXT },
    { N_ ("PIN of the token"), SECRET },
    { NULL },
  };

  ask (question_new (session, parent, NULL), _ ("Add a Key of a Token"),
       _ ("For a key of Ed25519 that a security token or module (PKCS #11) at the site’s daemon "
          "holds, and which never leaves it. It signs once now, to show that it does. The PIN is "
          "kept nowhere: it is asked for at each signature. A token locks itself after a few wrong "
          "ones."),
       rows, "", _ ("_Add"), muster_key_add_token_cb);
}

/* --- those that are there --- */

static void
muster_key_rename_cb (GtkWidget *const *rows, gpointer user_data)
{
  Question   *self = user_data;
  JsonObject *changes = json_object_new ();

  json_object_set_string_member (changes, "name", get_text (rows[0]));
  muster_do_and_offer (self->session,
                       muster_api_signing_keys_update (client_of (self),
                                                       muster_entity_get_id (self->key), changes,
                                                       muster_entity_get_revision (self->key)),
                       "signing_key", muster_entity_get_id (self->key),
                       g_strdup (_ ("The key is called differently now")),
                       _ ("The key keeps its name"));
}

void
muster_key_ask_rename (MusterSession *session, GtkWidget *parent, MusterEntity *key)
{
  static const Row rows[] = { { N_ ("Name"), TEXT }, { NULL } };

  ask (question_new (session, parent, key), _ ("Rename the Key"), NULL, rows,
       muster_entity_get_string (key, "name"), _ ("_Rename"), muster_key_rename_cb);
}

static void
muster_key_rotate_cb (GtkWidget *const *rows, gpointer user_data)
{
  Question   *self = user_data;
  const char *uri = get_text (rows[4]);

  muster_firmware_tell (self->session,
                        muster_api_signing_keys_rotate (
                          client_of (self), muster_entity_get_id (self->key), get_text (rows[0]),
                          get_text (rows[1]), get_text (rows[2]), *uri != '\0' ? uri : NULL),
                        g_strdup_printf (_ ("“%s” follows"), get_text (rows[1])),
                        _ ("The key was not followed"));
}

void
muster_key_ask_rotate (MusterSession *session, GtkWidget *parent, MusterEntity *key)
{
  const Row rows[] = {
    { muster_entity_is_null (key, "token_uri") ? N_ ("Its passphrase") : N_ ("PIN of its token"),
      SECRET },
    { N_ ("Name of the new key"), TEXT },
    { N_ ("New passphrase, or PIN of the new key’s token"), SECRET },
    { N_ ("New passphrase again"), AGAIN },
    { N_ ("Only if a token holds the new key: pkcs11:…"), TOKEN },
    { NULL },
  };
  g_autofree char *heading =
    g_strdup_printf (_ ("Let Another Key Follow “%s”?"), muster_entity_get_string (key, "name"));

  ask (question_new (session, parent, key), heading,
       _ (
         "A new key is made, or one of a token taken, and the old one vouches for it. What the old "
         "one signed still counts, but it should sign nothing more by itself: sign with both until "
         "every device knows the new one. This cannot be taken back."),
       rows, "", _ ("_Make the New Key"), muster_key_rotate_cb);
}

static void
muster_key_revoke_cb (GtkWidget *const *rows, gpointer user_data)
{
  Question   *self = user_data;
  const char *reason = get_text (rows[0]);

  muster_firmware_tell (self->session,
                        muster_api_signing_keys_revoke (client_of (self),
                                                        muster_entity_get_id (self->key),
                                                        *reason != '\0' ? reason : NULL),
                        g_strdup_printf (_ ("“%s” is revoked"),
                                         muster_entity_get_string (self->key, "name")),
                        _ ("The key was not revoked"));
}

void
muster_key_ask_revoke (MusterSession *session, GtkWidget *parent, MusterEntity *key)
{
  static const Row rows[] = { { N_ ("Why"), OPTIONAL }, { NULL } };
  g_autofree char *heading =
    g_strdup_printf (_ ("Revoke “%s”?"), muster_entity_get_string (key, "name"));
  AdwDialog *dialog =
    ask (question_new (session, parent, key), heading,
         _ ("For a key whose secret half others may have. Nothing that it signed counts any more: "
            "such firmware is given to no device, and must be signed anew by another key. This "
            "cannot be taken back."),
         rows, "", _ ("_Revoke Key"), muster_key_revoke_cb);

  adw_alert_dialog_set_response_appearance (ADW_ALERT_DIALOG (dialog), "yes",
                                            ADW_RESPONSE_DESTRUCTIVE);
  adw_alert_dialog_set_default_response (ADW_ALERT_DIALOG (dialog), "cancel");
}
