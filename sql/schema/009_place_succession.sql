-- What became of the units of the old code list on 1 July 2025, when provinces were merged, districts abolished and
-- communes redrawn (Nghị quyết 202/2025/QH15; 203/2025/QH15; 1654–1687/NQ-UBTVQH15; codes: Quyết định 19/2025/QĐ-TTg).

-- Grain: an old unit × one of today's units that holds land of it. The old provinces lead to today's provinces, the old
-- communes to today's communes, and so do the old districts, which have no successors of their own: a district leads
-- to every commune that holds land of one of its communes. The old units of one level that lead to a unit cover it.
--
-- change, the first that fits:
--   split        the old unit leads to several of today's; the row is one part of it. No column says how large a
--                part, because no source does: a figure of it can't be shared out.
--   unchanged    it alone, whole, makes up today's unit: the same territory under the same full name, capitals aside.
--   renamed      it alone, whole, makes up today's unit: the same territory under another name or rank.
--   merged       it and others of its level, every one of them whole, make up today's unit.
--   transferred  it went whole to a unit that also took a part of a split one, so the whole ones don't add up to it.
create table core.place_succession (
    from_key varchar not null,        -- the old unit
    to_key varchar not null,          -- today's unit
    from_level varchar not null,      -- of the old unit: province, district, commune
    change varchar not null,
    valid_from date not null,         -- the first day of today's unit
    legal_basis varchar not null,
    source varchar not null,          -- the package it was read from, with its version
    primary key (from_key, to_key)
);

-- Whether counts of two places may be added: not where both count the same things, such as the public services that
-- every province offers.
alter table core.dim_unit add column additive boolean default true;
