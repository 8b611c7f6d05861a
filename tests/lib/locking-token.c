/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A PKCS #11 module for tests: SoftHSM's tokens under other names ("Site" is "Site locks"), which
 * lock their PIN after three wrong ones, as cards do and SoftHSM does not. SOFTHSM2_MODULE names
 * the module below. */
#define CRYPTOKI_GNU 1
#include <dlfcn.h>
#include <p11-kit/pkcs11.h>
#include <stdlib.h>
#include <string.h>

#define TRIES 3
#define SUFFIX " locks"

static struct ck_function_list below, own;
static int                     n_wrong;

static ck_rv_t
initialize (void *arguments)
{
  ck_rv_t result = below.C_Initialize (arguments);

  /* The program may have loaded the module below for itself too. */
  return result == CKR_CRYPTOKI_ALREADY_INITIALIZED ? CKR_OK : result;
}

static ck_rv_t
finalize (void *reserved)
{
  return CKR_OK;
}

/* Otherwise it is taken for the module below, which is there already. */
static ck_rv_t
get_info (struct ck_info *info)
{
  ck_rv_t result = below.C_GetInfo (info);

  if (result == CKR_OK)
    memset (info->library_description, 'L', sizeof info->library_description);
  return result;
}

static ck_rv_t
get_token_info (ck_slot_id_t slot, struct ck_token_info *info)
{
  ck_rv_t result = below.C_GetTokenInfo (slot, info);
  size_t  length = sizeof info->label;

  if (result != CKR_OK)
    return result;
  while (length > 0 && info->label[length - 1] == ' ')
    length--;
  if (length + strlen (SUFFIX) <= sizeof info->label)
    memcpy (info->label + length, SUFFIX, strlen (SUFFIX));
  if (n_wrong == TRIES - 1)
    info->flags |= CKF_USER_PIN_FINAL_TRY;
  else if (n_wrong >= TRIES)
    info->flags |= CKF_USER_PIN_LOCKED;
  return result;
}

static ck_rv_t
login (ck_session_handle_t session, ck_user_type_t user, unsigned char *pin, unsigned long length)
{
  ck_rv_t result = n_wrong < TRIES ? below.C_Login (session, user, pin, length) : CKR_PIN_LOCKED;

  if (result == CKR_PIN_INCORRECT && ++n_wrong == TRIES)
    return CKR_PIN_LOCKED;
  if (result == CKR_OK)
    n_wrong = 0;
  return result;
}

static ck_rv_t
get_function_list (struct ck_function_list **list)
{
  *list = &own;
  return CKR_OK;
}

ck_rv_t
C_GetFunctionList (struct ck_function_list **list)
{
  const char              *path = getenv ("SOFTHSM2_MODULE");
  void                    *module = path != NULL ? dlopen (path, RTLD_NOW) : NULL;
  CK_C_GetFunctionList     function = NULL;
  struct ck_function_list *found = NULL;

  if (module != NULL)
    function = (CK_C_GetFunctionList)dlsym (module, "C_GetFunctionList");
  if (function == NULL || function (&found) != CKR_OK)
    return CKR_GENERAL_ERROR;
  below = own = *found;
  own.C_Initialize = initialize;
  own.C_Finalize = finalize;
  own.C_GetInfo = get_info;
  own.C_GetTokenInfo = get_token_info;
  own.C_Login = login;
  own.C_GetFunctionList = get_function_list;
  return get_function_list (list);
}
