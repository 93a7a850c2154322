/** Facts about the account that the engine makes too: of an import, and of attributes that come with anything else. */
export const USER_SIGNED_UP = "user.signed_up";
export const USER_UPDATED = "user.updated";
