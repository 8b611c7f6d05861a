/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-attachment-resource"

#include "config.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "core/http/muster-file-response.h"
#include "core/muster-journal.h"
#include "model/muster-attachment.h"
#include "muster-attachment-resource.h"
#include "muster-record-kinds.h"
#include "muster-sbom-store.h"

/* --- who may see what --- */

/* Staff see what they may list; customers see what belongs to products and to records of their own.
 */
static gboolean
check_may_see (MusterTransaction *transaction,
               MusterActor       *actor,
               const char        *entity,
               const char        *entity_id,
               GError           **error)
{
  const MusterRecordKind *kind = muster_record_kind_find (entity);
  g_autoptr (MusterQuery) query = NULL;

  if (kind != NULL && muster_record_kind_may_list (kind, muster_actor_get_role (actor)))
    {
      query = muster_query_new (kind->scope.info);
      muster_query_where (query, "id", entity_id);
      if (muster_record_kind_is_owned (kind, muster_actor_get_role (actor)))
        muster_search_scope_restrict (&kind->scope, query, muster_actor_get_person_id (actor));
      if (muster_transaction_count (transaction, query, error) == 1)
        return TRUE;
    }
  if (error != NULL && *error == NULL)
    g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_NOT_FOUND, "there is no %s %s", entity,
                 entity_id);
  return FALSE;
}

typedef struct
{
  MusterActor *actor;
  char        *id;
} Lookup;

static void
lookup_free (gpointer data)
{
  Lookup *self = data;

  muster_actor_unref (self->actor);
  g_free (self->id);
  g_free (self);
}

static gboolean
get_job (MusterTransaction *transaction, gpointer data, GValue *result, GError **error)
{
  Lookup *lookup = data;
  g_autoptr (MusterEntity) attachment =
              muster_transaction_get (transaction, &muster_attachment_info, lookup->id, error);

  if (attachment == NULL ||
      !check_may_see (transaction, lookup->actor, muster_entity_get_string (attachment, "entity"),
                      muster_entity_get_string (attachment, "entity_id"), error))
    return FALSE;
  g_value_init (result, MUSTER_TYPE_ENTITY);
  g_value_take_object (result, g_steal_pointer (&attachment));
  return TRUE;
}

/* Resolves to the MusterAttachment that the path names. */
static DexFuture *
find_attachment (MusterRequest *request, MusterAttachmentStore *store)
{
  Lookup *lookup = g_new0 (Lookup, 1);

  lookup->actor = muster_actor_ref (muster_request_get_actor (request));
  lookup->id = g_strdup (muster_request_get_path_param (request, "id"));
  return muster_database_read_as_of (muster_repository_get_database (
                                       muster_attachment_store_get_repository (store)),
                                     muster_request_get_as_of (request), get_job, lookup,
                                     lookup_free);
}

/* --- the records --- */

static DexFuture *
list_attachments (MusterRequest *request, gpointer store)
{
  MusterQuery *query = muster_request_get_query (request);

  if (muster_actor_get_role (muster_request_get_actor (request)) == MUSTER_ROLE_CUSTOMER)
    muster_query_where (query, "entity", "product");
  return muster_handle_list (request, muster_attachment_store_get_repository (store));
}

static DexFuture *
respond_attachment_cb (DexFuture *future, gpointer status)
{
  return muster_response_resolve (
    muster_response_new_entity (GPOINTER_TO_UINT (status),
                                g_value_get_object (dex_future_get_value (future, NULL))));
}

static DexFuture *
get_attachment (MusterRequest *request, gpointer store)
{
  return dex_future_then (find_attachment (request, store), respond_attachment_cb,
                          GUINT_TO_POINTER (200), NULL);
}

static DexFuture *
update_attachment (MusterRequest *request, gpointer store)
{
  return muster_handle_update (request, muster_attachment_store_get_repository (store));
}

static DexFuture *
respond_deleted_cb (DexFuture *future, gpointer user_data)
{
  return muster_response_resolve (muster_response_new (204));
}

static DexFuture *
delete_attachment (MusterRequest *request, gpointer store)
{
  return dex_future_then (muster_repository_delete (muster_attachment_store_get_repository (store),
                                                    muster_request_get_actor (request), NULL,
                                                    &muster_attachment_info,
                                                    muster_request_get_path_param (request, "id"),
                                                    muster_request_get_expected_revision (request)),
                          respond_deleted_cb, NULL, NULL);
}

/* --- a new one --- */

typedef struct
{
  MusterRequest         *request; /* (owned) */
  MusterAttachmentStore *store;   /* (owned) */
} Upload;

static void
upload_free (gpointer data)
{
  Upload *self = data;

  g_object_unref (self->request);
  g_object_unref (self->store);
  g_free (self);
}

/* What is written down of a file that is kept now. */
typedef struct
{
  MusterEntity *attachment; /* (owned) */
  MusterSbom   *sbom;       /* (owned) (nullable) */
} Insertion;

static void
insertion_free (gpointer data)
{
  Insertion *self = data;

  g_object_unref (self->attachment);
  g_clear_pointer (&self->sbom, muster_sbom_unref);
  g_free (self);
}

static gboolean
insert_job (MusterTransaction *transaction, gpointer data, GValue *result, GError **error)
{
  Insertion *self = data;

  if (!check_may_see (transaction, muster_transaction_get_actor (transaction),
                      muster_entity_get_string (self->attachment, "entity"),
                      muster_entity_get_string (self->attachment, "entity_id"), error))
    return FALSE;
  muster_transaction_set_context (transaction, MUSTER_SBOM_CONTEXT, self->sbom);
  if (!muster_transaction_insert (transaction, self->attachment, error))
    return FALSE;
  g_value_init (result, MUSTER_TYPE_ENTITY);
  g_value_set_object (result, self->attachment);
  return TRUE;
}

static MusterEntity *
make_attachment (MusterRequest *request, const MusterAttachmentContent *content, MusterSbom *sbom)
{
  MusterEntity    *attachment = muster_entity_new (&muster_attachment_info);
  g_autofree char *name =
    muster_attachment_clean_name (muster_request_get_param_text (request, "name"));
  const MusterValue *purpose = muster_request_get_param (request, "purpose");

  muster_entity_set_string (attachment, "entity",
                            muster_request_get_param_text (request, "entity"));
  muster_entity_set_string (attachment, "entity_id",
                            muster_request_get_param_text (request, "entity_id"));
  muster_entity_set_string (attachment, "name", name);
  if (!purpose->is_null)
    muster_entity_set_enum (attachment, "purpose", purpose->integer);
  muster_entity_set_string (attachment, "media_type", content->media_type);
  muster_entity_set_integer (attachment, "size", content->size);
  muster_entity_set_string (attachment, "sha256", content->sha256);
  if (sbom != NULL)
    muster_sbom_describe (sbom, attachment);
  return attachment;
}

/* In a fiber. Only firmware has bills of materials: FALSE with ERROR where one is called so and is
 * none, or is one and cannot be read; else it into SBOM, or NULL. */
static gboolean
read_sbom (Upload *upload, int fd, MusterSbom **sbom, GError **error)
{
  const MusterValue *purpose = muster_request_get_param (upload->request, "purpose");
  gboolean           of_firmware =
    strcmp (muster_request_get_param_text (upload->request, "entity"), "firmware_artifact") == 0;
  gboolean must_be_one = !purpose->is_null && purpose->integer == MUSTER_ATTACHMENT_PURPOSE_SBOM;
  const GValue *value = NULL;
  g_autoptr (DexFuture) future = NULL;

  *sbom = NULL;
  if (!of_firmware)
    return TRUE;
  future = muster_sbom_read_file (fd, must_be_one);
  if (!dex_await (dex_ref (future), error))
    return FALSE;
  value = dex_future_get_value (future, NULL);
  if (G_VALUE_HOLDS (value, MUSTER_TYPE_SBOM))
    *sbom = g_value_dup_boxed (value);
  return TRUE;
}

static DexFuture *
create_fiber (gpointer user_data)
{
  Upload *upload = user_data;
  gint64  length;
  int     fd = muster_request_get_body_file (upload->request, &length);
  g_autoptr (GError) error = NULL;
  g_autoptr (MusterSbom) sbom = NULL;
  g_autofree MusterAttachmentContent *content =
    read_sbom (upload, fd, &sbom, &error)
      ? dex_await_boxed (muster_attachment_store_put (upload->store, fd), &error)
      : NULL;
  Insertion *insertion = NULL;
  DexFuture *written = NULL;

  if (content == NULL)
    return dex_future_new_for_error (g_steal_pointer (&error));
  insertion = g_new0 (Insertion, 1);
  insertion->attachment = make_attachment (upload->request, content, sbom);
  insertion->sbom = g_steal_pointer (&sbom);
  written = (insertion->sbom != NULL ? muster_database_write_large : muster_database_write) (
    muster_repository_get_database (muster_attachment_store_get_repository (upload->store)),
    muster_request_get_actor (upload->request), NULL, insert_job, insertion, insertion_free);
  return dex_future_then (written, respond_attachment_cb, GUINT_TO_POINTER (201), NULL);
}

static DexFuture *
create_attachment (MusterRequest *request, gpointer store)
{
  gint64  limit = muster_attachment_store_get_limit (store);
  gint64  length;
  Upload *upload = NULL;

  muster_request_get_body_file (request, &length);
  if (length > limit)
    return dex_future_new_reject (MUSTER_ERROR, MUSTER_ERROR_TOO_LARGE,
                                  "the file is larger than %" G_GINT64_FORMAT
                                  " bytes, which the site's settings allow",
                                  limit);
  upload = g_new0 (Upload, 1);
  upload->request = g_object_ref (request);
  upload->store = g_object_ref (store);
  return dex_scheduler_spawn (NULL, 0, create_fiber, upload, upload_free);
}

/* --- the bytes --- */

static void
name_file (MusterResponse *response, MusterEntity *attachment)
{
  const char      *type = muster_entity_get_string (attachment, "media_type");
  g_autofree char *name =
    g_uri_escape_string (muster_entity_get_string (attachment, "name"), NULL, FALSE);
  gboolean is_shown = g_str_has_prefix (type, "image/") || strcmp (type, "application/pdf") == 0;
  g_autofree char *value =
    g_strdup_printf ("%s; filename*=UTF-8''%s", is_shown ? "inline" : "attachment", name);

  muster_response_set_header (response, "Content-Disposition", value);
  /* Whatever it is, it runs nothing and reaches nothing. */
  muster_response_set_header (response, "Content-Security-Policy",
                              "default-src 'none'; style-src 'unsafe-inline'; sandbox");
}

static DexFuture *
respond_content_cb (DexFuture *future, gpointer user_data)
{
  Upload         *call = user_data;
  MusterEntity   *attachment = g_value_get_object (dex_future_get_value (future, NULL));
  MusterFile      file = { -1, muster_entity_get_integer (attachment, "size"),
                           muster_entity_get_string (attachment, "media_type"),
                           muster_entity_get_string (attachment, "sha256"), 0 };
  MusterResponse *response = NULL;
  g_autoptr (GError) error = NULL;

  file.fd = muster_attachment_store_open (call->store, file.tag, &error);
  if (file.fd < 0)
    return dex_future_new_for_error (g_steal_pointer (&error));
  response = muster_response_new_file (call->request, &file);
  name_file (response, attachment);
  return muster_response_resolve (response);
}

static DexFuture *
get_content (MusterRequest *request, gpointer store)
{
  Upload *call = g_new0 (Upload, 1);

  call->request = g_object_ref (request);
  call->store = g_object_ref (store);
  return dex_future_then (find_attachment (request, store), respond_content_cb, call, upload_free);
}

/* clang-format off */
static const MusterField parameters[] = {
  { "entity", MUSTER_FIELD_STRING, MUSTER_FIELD_REQUIRED, 1, 64, .label = N_("Kind of record"), .doc = "What kind of record it belongs to: device, product, delivery …" },
  { "entity_id", MUSTER_FIELD_UUID, MUSTER_FIELD_REQUIRED, .label = N_("Record"), .doc = "The record that it belongs to." },
  { "name", MUSTER_FIELD_STRING, MUSTER_FIELD_REQUIRED, 1, 200, .label = N_("Name"), .doc = "Its file name; folders before it do not count." },
  { "purpose", MUSTER_FIELD_ENUM, MUSTER_FIELD_PLAIN, .enumeration = &muster_attachment_purpose_enum, .label = N_("Purpose"), .doc = "What it is; a photo unless told. What is attached to firmware and says of itself that it is a bill of materials (CycloneDX or SPDX) is one; called one, it must be." },
};
static const MusterShape attachment_shape = { .doc = "An attachment.", .entity = &muster_attachment_info };
static const MusterShape attachments_shape = { .doc = "Attachments.", .entity = &muster_attachment_info, .list = TRUE };
static const MusterShape file_shape = { .schema = "File", .doc = "The bytes of a file.", .media_type = "*/*" };

static const MusterRoute routes[] = {
  { "GET", "/attachments", "listAttachments", "records", "List attachments: those of a record by entity and entity_id", list_attachments, MUSTER_ROUTE_LIST, .response = &attachments_shape },
  { "POST", "/attachments", "createAttachment", "records", "Attach a file to a record: the body is its bytes", create_attachment, MUSTER_ROUTE_SPOOL, parameters, G_N_ELEMENTS (parameters), .request = &file_shape, .response = &attachment_shape, .status = 201, .body_limit = MUSTER_ATTACHMENT_MAX_BYTES },
  { "GET", "/attachments/{id:uuid}", "getAttachment", "records", "One attachment", get_attachment, MUSTER_ROUTE_PAST, .response = &attachment_shape },
  { "GET", "/attachments/{id:uuid}/content", "getAttachmentContent", "records", "The bytes of an attachment, or a range of them", get_content, MUSTER_ROUTE_PLAIN, .response = &file_shape },
  { "PUT", "/attachments/{id:uuid}", "updateAttachment", "records", "Rename an attachment, or say what it is", update_attachment, MUSTER_ROUTE_UPDATE | MUSTER_ROUTE_PARTIAL, .request = &attachment_shape, .response = &attachment_shape },
  { "DELETE", "/attachments/{id:uuid}", "deleteAttachment", "records", "Delete an attachment", delete_attachment, MUSTER_ROUTE_UPDATE },
};
/* clang-format on */

void
muster_attachment_resource_add (MusterRouter *router, MusterAttachmentStore *store)
{
  muster_router_add (router, routes, G_N_ELEMENTS (routes), G_OBJECT (store));
}
