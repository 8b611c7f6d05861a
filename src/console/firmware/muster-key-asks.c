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

/* A question about one key, or about none yet. */
typedef struct
{
  MusterSession *session; /* (owned) */
  GtkWidget     *parent;  /* (owned) */
  MusterEntity  *key;     /* (owned) (nullable) */
  char          *text;    /* (owned) (nullable): a certificate, or a secret key; wiped */
} Question;

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

static GtkWidget *
create_entry (const char *title, const char *text)
{
  return g_object_new (ADW_TYPE_ENTRY_ROW, "title", title, "text", text, NULL);
}

static GtkWidget *
create_secret (const char *title)
{
  return g_object_new (ADW_TYPE_PASSWORD_ENTRY_ROW, "title", title, NULL);
}

/* A passphrase that was mistyped is lost for ever: it is asked for twice. */
static gboolean
check_twice (Question *self, GtkWidget *first, GtkWidget *second)
{
  if (g_str_equal (get_text (first), get_text (second)))
    return TRUE;
  muster_session_tell (self->session, _ ("The two passphrases differ: nothing was done"));
  return FALSE;
}

/* --- new ones --- */

static void
muster_key_create_cb (GtkWidget *const *rows, gpointer user_data)
{
  Question *self = user_data;

  if (check_twice (self, rows[1], rows[2]))
    muster_firmware_tell (self->session,
                          muster_api_signing_keys_create (client_of (self), get_text (rows[0]),
                                                          get_text (rows[1]), NULL),
                          g_strdup_printf (_ ("Key “%s” is made"), get_text (rows[0])),
                          _ ("The key was not made"));
}

void
muster_key_ask_create (MusterSession *session, GtkWidget *parent)
{
  GtkWidget *rows[] = { create_entry (_ ("Name"), ""), create_secret (_ ("Passphrase")),
                        create_secret (_ ("Passphrase again")), NULL };

  muster_ask (parent, _ ("Make a Key"),
              _ ("Its secret half stays here, sealed by the passphrase, which is asked for at each "
                 "signature. Nobody can find it again: write it down. Devices must know the public "
                 "half before they take what it signs."),
              rows, _ ("_Make"), muster_key_create_cb, question_new (session, parent, NULL),
              question_free);
}

static void
muster_key_take_over_cb (GtkWidget *const *rows, gpointer user_data)
{
  Question *self = user_data;

  if (check_twice (self, rows[2], rows[3]))
    muster_firmware_tell (self->session,
                          muster_api_signing_keys_create (client_of (self), get_text (rows[0]),
                                                          get_text (rows[2]), get_text (rows[1])),
                          g_strdup_printf (_ ("Key “%s” is taken over"), get_text (rows[0])),
                          _ ("The key was not taken over"));
}

void
muster_key_ask_take_over (MusterSession *session, GtkWidget *parent)
{
  GtkWidget *rows[] = { create_entry (_ ("Name"), ""),
                        create_secret (_ ("Secret key, 64 hexadecimal digits")),
                        create_secret (_ ("Passphrase")), create_secret (_ ("Passphrase again")),
                        NULL };

  muster_ask (parent, _ ("Take a Key Over"),
              _ ("For a key that was made elsewhere and is to sign here. It is sealed by the "
                 "passphrase; delete the file that it came from."),
              rows, _ ("_Take Over"), muster_key_take_over_cb, question_new (session, parent, NULL),
              question_free);
}

static void
muster_key_trust_cb (GtkWidget *const *rows, gpointer user_data)
{
  Question *self = user_data;

  muster_firmware_tell (self->session,
                        muster_api_signing_keys_trust (client_of (self), get_text (rows[0]),
                                                       get_text (rows[1])),
                        g_strdup_printf (_ ("What “%s” signs counts here now"), get_text (rows[0])),
                        _ ("The key is not trusted"));
}

void
muster_key_ask_trust (MusterSession *session, GtkWidget *parent)
{
  GtkWidget *rows[] = { create_entry (_ ("Name"), ""),
                        create_entry (_ ("Public key, 64 hexadecimal digits"), ""), NULL };

  muster_ask (
    parent, _ ("Trust a Key"),
    _ ("For a key that signs elsewhere, at the maker of a device for instance. Firmware that "
       "it signed then counts as signed. It cannot sign here."),
    rows, _ ("_Trust"), muster_key_trust_cb, question_new (session, parent, NULL), question_free);
}

static void
muster_key_trust_certificate_cb (GtkWidget *const *rows, gpointer user_data)
{
  Question *self = user_data;

  muster_firmware_tell (self->session,
                        muster_api_signing_keys_trust_certificate (client_of (self),
                                                                   get_text (rows[0]), self->text),
                        g_strdup_printf (_ ("What “%s” signs counts here now"), get_text (rows[0])),
                        _ ("The certificate is not trusted"));
}

/* In a fiber: asks for a file to be chosen under TITLE. A question that has its text, and into NAME
 * what it is called: (transfer full); NULL where none was chosen, or there is nobody to ask any
 * more. */
static Question *
choose_text (Question *self, const char *title, char **name)
{
  g_autoptr (GtkFileDialog) chooser = gtk_file_dialog_new ();
  g_autoptr (GFile) file = NULL;
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (GError) error = NULL;
  Question *question = NULL;

  gtk_file_dialog_set_title (chooser, title);
  file = dex_await_object (muster_open_file (chooser, self->parent), NULL);
  bytes = file != NULL ? dex_await_boxed (dex_file_load_contents_bytes (file), &error) : NULL;
  if (error != NULL)
    muster_session_tell_error (self->session, _ ("The file cannot be read"), error);
  if (bytes == NULL || gtk_widget_get_root (self->parent) == NULL)
    return NULL;
  *name = g_file_get_basename (file);
  question = question_new (self->session, self->parent, NULL);
  question->text = g_utf8_make_valid (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
  return question;
}

static DexFuture *
muster_key_choose_certificate_fiber (gpointer user_data)
{
  Question        *self = user_data;
  g_autofree char *name = NULL;
  Question        *question = choose_text (self, _ ("Certificate"), &name);
  GtkWidget       *rows[] = { NULL, NULL };

  if (question == NULL)
    return dex_future_new_true ();
  rows[0] = create_entry (_ ("Name"), name);
  muster_ask (self->parent, _ ("Trust a Certificate"),
              _ ("For who signs updates of SWUpdate or bundles of RAUC, or for the authority that "
                 "gave them their certificate. Files that were signed so count as signed from now "
                 "on; those that are here already are checked again one after another."),
              rows, _ ("_Trust"), muster_key_trust_certificate_cb, question, question_free);
  return dex_future_new_true ();
}

void
muster_key_ask_trust_certificate (MusterSession *session, GtkWidget *parent)
{
  dex_future_disown (muster_fiber_spawn (NULL, 0, muster_key_choose_certificate_fiber,
                                         question_new (session, parent, NULL), question_free));
}

/* --- of a file --- */

static void
muster_key_take_over_file_cb (GtkWidget *const *rows, gpointer user_data)
{
  Question *self = user_data;

  if (check_twice (self, rows[1], rows[2]))
    muster_firmware_tell (self->session,
                          muster_api_signing_keys_create (client_of (self), get_text (rows[0]),
                                                          get_text (rows[1]), self->text),
                          g_strdup_printf (_ ("Key “%s” is taken over"), get_text (rows[0])),
                          _ ("The key was not taken over"));
}

static DexFuture *
muster_key_choose_file_fiber (gpointer user_data)
{
  Question        *self = user_data;
  g_autofree char *name = NULL;
  Question        *question = choose_text (self, _ ("Secret Key"), &name);
  GtkWidget       *rows[] = { NULL, NULL, NULL, NULL };

  if (question == NULL)
    return dex_future_new_true ();
  g_strstrip (question->text);
  rows[0] = create_entry (_ ("Name"), name);
  rows[1] = create_secret (_ ("Passphrase"));
  rows[2] = create_secret (_ ("Passphrase again"));
  muster_ask (self->parent, _ ("Take a Key Over from a File"),
              _ ("For a key of Ed25519 that was made elsewhere and is to sign here: a file of "
                 "muster-image, or PEM without a passphrase. It is sealed by the passphrase that "
                 "you give it now; delete the file then."),
              rows, _ ("_Take Over"), muster_key_take_over_file_cb, question, question_free);
  return dex_future_new_true ();
}

void
muster_key_ask_take_over_file (MusterSession *session, GtkWidget *parent)
{
  dex_future_disown (muster_fiber_spawn (NULL, 0, muster_key_choose_file_fiber,
                                         question_new (session, parent, NULL), question_free));
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
  GtkWidget *rows[] = { create_entry (_ ("Name"), ""),
                        create_entry (_ ("Address of the key, pkcs11:token=…;object=…"), ""),
                        create_secret (_ ("PIN of the token")), NULL };

  muster_ask (parent, _ ("Add a Key of a Token"),
              _ (
                "For a key of Ed25519 that a security token or module (PKCS #11) at the site’s "
                "daemon holds, and which never leaves it. It signs once now, to show that it does. "
                "The PIN is kept nowhere: it is asked for at each signature. A token locks itself "
                "after a few wrong ones."),
              rows, _ ("_Add"), muster_key_add_token_cb, question_new (session, parent, NULL),
              question_free);
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
  GtkWidget *rows[] = { create_entry (_ ("Name"), muster_entity_get_string (key, "name")), NULL };

  muster_ask (parent, _ ("Rename the Key"), NULL, rows, _ ("_Rename"), muster_key_rename_cb,
              question_new (session, parent, key), question_free);
}

static void
muster_key_rotate_cb (GtkWidget *const *rows, gpointer user_data)
{
  Question   *self = user_data;
  const char *uri = get_text (rows[4]);

  /* A PIN that was mistyped is found at once. */
  if (*uri != '\0' || check_twice (self, rows[2], rows[3]))
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
  gboolean   in_token = !muster_entity_is_null (key, "token_uri");
  GtkWidget *rows[] = { create_secret (in_token ? _ ("PIN of its token") : _ ("Its passphrase")),
                        create_entry (_ ("Name of the new key"), ""),
                        create_secret (_ ("New passphrase, or PIN of the new key’s token")),
                        create_secret (_ ("New passphrase again")),
                        create_entry (_ ("Only if a token holds the new key: pkcs11:…"), ""),
                        NULL };
  g_autofree char *heading =
    g_strdup_printf (_ ("Let Another Key Follow “%s”?"), muster_entity_get_string (key, "name"));

  muster_ask (parent, heading,
              _ ("A new key is made, or one of a token taken, and the old one vouches for it. What "
                 "the old one signed still counts, but it should sign nothing more by itself: sign "
                 "with both until every device knows the new one. This cannot be taken back."),
              rows, _ ("_Make the New Key"), muster_key_rotate_cb,
              question_new (session, parent, key), question_free);
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
  GtkWidget       *rows[] = { create_entry (_ ("Why"), ""), NULL };
  g_autofree char *heading =
    g_strdup_printf (_ ("Revoke “%s”?"), muster_entity_get_string (key, "name"));
  AdwDialog *dialog = muster_ask (
    parent, heading,
    _ (
      "For a key whose secret half others may have. Nothing that it signed counts any more: such "
      "firmware is given to no device, and must be signed anew by another key. This cannot be taken "
      "back."),
    rows, _ ("_Revoke Key"), muster_key_revoke_cb, question_new (session, parent, key),
    question_free);

  adw_alert_dialog_set_response_appearance (ADW_ALERT_DIALOG (dialog), "yes",
                                            ADW_RESPONSE_DESTRUCTIVE);
  adw_alert_dialog_set_default_response (ADW_ALERT_DIALOG (dialog), "cancel");
}
