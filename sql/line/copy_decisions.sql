-- The words of stewards that another database, attached as `decided`, holds.
insert into core.correction by name
from decided.core.correction where origin = 'steward';
